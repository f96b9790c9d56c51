// Owns the bodies with which AWS's JSON services refuse a caller.

export interface AwsJsonError {
  readonly status: 400;
  readonly body: string;
}

const coralError = (type: string, message: string): AwsJsonError => ({
  status: 400,
  // DynamoDB writes the member with a capital letter for access errors, and the SDKs read either.
  body: JSON.stringify({ __type: type, Message: message }),
});

export const accessDenied = (message: string): AwsJsonError =>
  coralError('com.amazon.coral.service#AccessDeniedException', message);

/** The access key is nobody's. */
export const unrecognizedClient = (): AwsJsonError =>
  coralError(
    'com.amazon.coral.service#UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
