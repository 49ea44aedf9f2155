import { ImagegenError } from './imagegen-error.ts'

/** An option, a configuration file or an environment variable is not usable. */
export class ConfigError extends ImagegenError {
  readonly code = 'CONFIG_INVALID'
}
