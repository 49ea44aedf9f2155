/** Where the shared store is. */
export interface S3Settings {
  readonly bucket: string
  /** Before every object's name, without slashes at its ends; may be empty. */
  readonly prefix: string
  /** Of an S3-compatible service; AWS when absent. */
  readonly endpoint?: string
  /** Absent: what the AWS SDK finds in environment and profile; with an `endpoint`, `us-east-1` in the end. */
  readonly region?: string
  /** `read-only` refuses to write and to delete. */
  readonly access: 'read-write' | 'read-only'
}

/** How patiently the store is asked. */
export interface S3Patience {
  /** Milliseconds without any progress after which one attempt is given up. */
  readonly idle: number
  /** Milliseconds before the second, third … attempt. */
  readonly delays: readonly number[]
  /** Milliseconds after the first attempt began from which on no further one begins. */
  readonly longest: number
}

export const S3_PATIENCE: S3Patience = {
  idle: 20_000,
  delays: [200, 500, 1_000, 2_000, 4_000, 8_000],
  longest: 60_000,
}

/** `s3://bucket/prefix`, for messages. */
export function s3Label({ bucket, prefix }: Pick<S3Settings, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}${prefix && `/${prefix}`}`
}
