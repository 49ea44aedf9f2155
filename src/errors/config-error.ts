import { ImagegenError } from './imagegen-error.ts'

/** An option, a configuration file or an environment variable is invalid. */
export class ConfigError extends ImagegenError {
  readonly code = 'CONFIG_INVALID'
}
