import type { UnpluginOptions } from 'unplugin'
import type { Session } from './session.ts'

export function farmHooks(_session: Session): Partial<UnpluginOptions> {
  return {}
}
