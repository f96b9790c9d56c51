// Owns the proof that a real rate object with something left out is refused by the name of what is missing, one field a case.
// Leaves to parse-tariff.test.ts every other way in which a rate object can be wrong.
import { expect, test } from '@jest/globals';
import { parseTariff } from '../../../lambdas/domain/rating/parse-tariff.ts';
import { fixtureText } from './rating-fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: each case cuts another hole into a published object
type RateObject = any;

const FPL = 'florida_power_light_rs1';
const JACKSON = 'jackson_emc_residential';
const PSCO = 'psco_residential_demand';
const PGE = 'pge_e19';
const QUEENSLAND = 'qld_tariff_12_2017';

test.each<[string, string, string, (rate: RateObject) => void]>([
  [FPL, 'energyratestructure', 'is missing', (rate) => delete rate.energyratestructure],
  [FPL, 'energyweekdayschedule', 'is missing', (rate) => delete rate.energyweekdayschedule],
  [FPL, 'energyweekendschedule', 'is missing', (rate) => delete rate.energyweekendschedule],
  [FPL, 'energyratestructure.0.1.rate', 'is missing', (rate) => delete rate.energyratestructure[0][1].rate],
  [FPL, 'energyratestructure.0.0.max', 'is missing', (rate) => delete rate.energyratestructure[0][0].max],
  [FPL, 'energyratestructure.0', 'must not be empty', (rate) => rate.energyratestructure[0].splice(0)],
  [FPL, 'energyratestructure', 'must not be empty', (rate) => rate.energyratestructure.splice(0)],
  [JACKSON, 'energyratestructure.1.0.rate', 'is missing', (rate) => delete rate.energyratestructure[1][0].rate],
  [JACKSON, 'energyweekdayschedule', 'must have 12 entries, has 11', (rate) => rate.energyweekdayschedule.splice(11)],
  [
    JACKSON,
    'energyweekendschedule.3',
    'must have 24 entries, has 23',
    (rate) => rate.energyweekendschedule[3].splice(23),
  ],
  [JACKSON, 'energyweekdayschedule.0', 'is missing', (rate) => rate.energyweekdayschedule.splice(0, 1, null)],
  [PSCO, 'flatdemandmonths', 'is missing', (rate) => delete rate.flatdemandmonths],
  [PSCO, 'flatdemandstructure', 'is missing', (rate) => delete rate.flatdemandstructure],
  [PSCO, 'flatdemandstructure.0.0.rate', 'is missing', (rate) => delete rate.flatdemandstructure[0][0].rate],
  [PSCO, 'flatdemandmonths', 'must have 12 entries, has 6', (rate) => rate.flatdemandmonths.splice(6)],
  [PGE, 'demandratestructure', 'is missing', (rate) => delete rate.demandratestructure],
  [PGE, 'demandweekdayschedule', 'is missing', (rate) => delete rate.demandweekdayschedule],
  [PGE, 'demandweekendschedule', 'is missing', (rate) => delete rate.demandweekendschedule],
  [PGE, 'fixedchargeunits', 'is missing', (rate) => delete rate.fixedchargeunits],
  [PGE, 'demandratestructure.1.0.rate', 'is missing', (rate) => delete rate.demandratestructure[1][0].rate],
  [QUEENSLAND, 'baseload.currency', 'is missing', (rate) => delete rate.baseload.currency],
  [QUEENSLAND, 'baseload.taxes.0.rate', 'is missing', (rate) => delete rate.baseload.taxes[0].rate],
  [QUEENSLAND, 'baseload.taxes.0.name', 'is missing', (rate) => delete rate.baseload.taxes[0].name],
])('%s, cut: refused at %s, which %s', (name, field, message, cut) => {
  const rate: RateObject = JSON.parse(fixtureText(`tariffs/${name}.json`));
  expect(parseTariff(rate).kind).toBe('parsed');
  cut(rate);
  expect(parseTariff(rate)).toEqual({ kind: 'refused', problems: [{ field, message }] });
});
