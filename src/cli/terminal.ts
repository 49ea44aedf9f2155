import { Writable } from 'node:stream'
import pc from 'picocolors'
import type { ReadVariable } from '../config/environment.ts'

export type Colors = ReturnType<typeof pc.createColors>

/** As much of an output stream as the command line uses. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** Colours for one stream: on terminals, unless `NO_COLOR` says otherwise; elsewhere only with `FORCE_COLOR`. */
export function colorsFor(stream: OutputStream, readVariable: ReadVariable): Colors {
  return pc.createColors(wantsColor(stream, readVariable))
}

function wantsColor(stream: OutputStream, readVariable: ReadVariable): boolean {
  if (readVariable('NO_COLOR')) return false
  const forced = readVariable('FORCE_COLOR')
  if (forced) return forced !== '0'
  return stream.isTTY === true && readVariable('TERM') !== 'dumb'
}

/** Live output needs a terminal with a size and a movable cursor, and no reader who takes it for a log. */
export function isLive(stream: OutputStream, readVariable: ReadVariable): boolean {
  if (stream.columns === 0 || stream.rows === 0) return false
  return stream.isTTY === true && readVariable('TERM') !== 'dumb' && !readVariable('CI')
}

/** Shows nothing. */
export function createSilentStream(): OutputStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
