// Owns the reading of the environment: nothing else in lambdas/ touches process.env.
// Leaves to names.ts what the variables are called, and to lib/ what they are set to.
import { ENV } from './names.ts';

const required = (variable: string): string => {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`environment variable ${variable} is not set: the function's template must declare it`);
  }
  return value;
};

/** The value of one of the variables in names.ts. @throws Error naming the variable when it is missing or empty. */
export const setting = (name: keyof typeof ENV): string => required(ENV[name]);

/** As `setting`, for a whole number. @throws Error for anything else */
export const numberSetting = (name: keyof typeof ENV): number => {
  const value = Number(setting(name));
  if (!Number.isSafeInteger(value))
    throw new Error(`environment variable ${ENV[name]} is no whole number: the template sets it`);
  return value;
};

/** As `setting`, for a variable that a template may leave out. */
export const optionalSetting = (name: keyof typeof ENV): string | undefined => process.env[ENV[name]];

/** The Region this function runs in, as Lambda sets it. */
export const ownRegion = (): string => required('AWS_REGION');

/** The other Region of the jurisdiction. @throws Error when there is none, or more than one */
export const peerRegion = (): string => {
  const [peer, ...more] = jurisdictionRegions().filter((region) => region !== ownRegion());
  if (peer === undefined || more.length > 0)
    throw new Error(`${ENV.regions} is "${setting('regions')}": a Region has exactly one peer`);
  return peer;
};

/** Every Region of the jurisdiction, this one included. @throws Error when this Region is not among them. */
export const jurisdictionRegions = (): readonly string[] => {
  const regions = setting('regions')
    .split(',')
    .map((region) => region.trim())
    .filter((region) => region !== '');
  if (!regions.includes(ownRegion())) {
    throw new Error(
      `${ENV.regions} is "${regions.join(',')}" and lacks ${ownRegion()}, the Region this function runs in`,
    );
  }
  return regions;
};
