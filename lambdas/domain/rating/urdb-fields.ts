// Owns the fields of an OpenEI URDB rate object: which are read, which change no bill, which are refused because they would.
// Leaves to parse-tariff.ts what the ones read say. Source: https://openei.org/services/doc/rest/util_rates/?version=8

/** What parse-tariff.ts reads. */
const PRICED_FIELDS = [
  'name',
  'startdate',
  'energyratestructure',
  'energyweekdayschedule',
  'energyweekendschedule',
  'fueladjustmentsmonthly',
  'flatdemandunit',
  'flatdemandstructure',
  'flatdemandmonths',
  'demandrateunit',
  'demandratestructure',
  'demandweekdayschedule',
  'demandweekendschedule',
  'demandwindow',
  'fixedmonthlycharge',
  'fixedchargefirstmeter',
  'fixedchargeunits',
  'mincharge',
  'minchargeunits',
  'minmonthlycharge',
  'annualmincharge',
  'baseload',
];

/** What changes no bill, by reason. */
const IGNORED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'names and origin of the record': [
    'label',
    'uri',
    'type',
    'utility',
    'eiaid',
    'country',
    'source',
    'sourceparent',
    'supersedes',
    'supercedes',
    'revisions',
    'latest_update',
    'approved',
    'is_default',
  ],
  'text for people': [
    'description',
    'basicinformationcomments',
    'energycomments',
    'demandcomments',
    'energyattrs',
    'demandattrs',
    'fixedattrs',
  ],
  'who may have the tariff: decided when it is given to a meter': [
    'sector',
    'servicetype',
    'demandunits',
    'demandunit',
    'peakkwcapacitymin',
    'peakkwcapacitymax',
    'peakkwcapacityhistory',
    'peakkwhusagemin',
    'peakkwhusagemax',
    'peakkwhusagehistory',
    'voltageminimum',
    'voltagemaximum',
    'voltagecategory',
    'phasewiring',
  ],
  'a newer tariff ends an older one': ['enddate'],
  'what is fed in, while bills are for what is used': ['dgrules', 'usenetmetering'],
  'a second meter has a tariff of its own': ['fixedchargeeaaddl'],
  'units of charges refused below': ['coincidentrateunit', 'coincidentrateschedule', 'lookbackMonths', 'lookbackRange'],
};

/** Charges this rating does not know: refused unless all they say is 0. */
export const UNSUPPORTED_CHARGES = [
  'demandratchetpercentage',
  'demandreactivepowercharge',
  'coincidentratestructure',
  'lookbackPercent',
];

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...PRICED_FIELDS,
  ...UNSUPPORTED_CHARGES,
  ...Object.values(IGNORED_FIELDS).flat(),
]);

/** False for a field that is in none of the lists: it may be a price. */
export const isKnownField = (field: string): boolean => KNOWN_FIELDS.has(field);
