/** The optional peer, as far as it was loaded. */
export type S3Sdk = typeof import('@aws-sdk/client-s3')
export type S3Client = InstanceType<S3Sdk['S3Client']>
