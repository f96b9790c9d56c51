// Owns the entry of `cdk synth`: which config file is read. Leaves to lib/app.ts what is built from it.
import { buildApp, configFile } from '../lib/app.ts';
import { readConfig } from '../lib/config.ts';

buildApp({ config: readConfig(configFile()) }).synth();
