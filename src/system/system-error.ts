import { StoreError } from '../errors/store-error.ts'

/** The code of an error of the operating system: `ENOENT`, `ENOSPC` … */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A {@link StoreError} whose message ends with the meaning of the operating system's error, and what to do. */
export function storeFault(whatFailed: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  return new StoreError(`${whatFailed}: ${explain(cause)}`, { cause })
}

function explain(cause: unknown): string {
  switch (systemCode(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full. Free some space and run again.'
    case 'EROFS':
      return 'the file system is read-only. Make it writable and run again.'
    case 'EACCES':
    case 'EPERM':
      return 'permission was denied. Give this user access and run again.'
    case 'EIO':
      return 'the disk reported an input/output error. Check the disk before running again.'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open. Raise the limit of open files and run again.'
    case 'ENOTDIR':
      return 'a part of the path is a file where a folder should be. Move that file away and run again.'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
