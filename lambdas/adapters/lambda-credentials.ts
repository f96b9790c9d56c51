// Owns where a function has its credentials from: the environment, where Lambda puts those of its role.
// Leaves to lib/bundle.ts that this stands in bundles instead of @aws-sdk/credential-provider-node, which looks for files, single
// sign-on, other processes and the metadata of a machine as well: a quarter of the SDK's code, and none of it is there on Lambda.
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** The name by which every client of the SDK asks for its provider. Rejects with a CredentialsProviderError where the environment has none. */
export const defaultProvider = () => fromEnv();
