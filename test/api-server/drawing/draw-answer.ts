import type { RecordedRequest } from '../read-request.ts'
import { drawEdit } from './draw-edit.ts'
import { paint } from './paint.ts'
import { drawScene } from './scene.ts'

export interface DrawingOptions {
  /** Fraction of the size that was requested. */
  readonly scale: number
  /** Another number gives another picture of the same prompt. */
  readonly variation: number
}

export interface Extent {
  readonly width: number
  readonly height: number
}

/** The PNG for a request that was checked. */
export async function drawAnswer(
  request: RecordedRequest,
  { scale, variation }: DrawingOptions,
): Promise<Buffer> {
  const extent = scaled(parseSize(String(request.fields.size)), scale)
  const seed = variation === 0 ? request.prompt : `${request.prompt} #${variation}`
  if (request.files.length > 0) {
    const references = request.files.map(({ bytes }) => bytes)
    return drawEdit({ prompt: request.prompt, seed, references, extent })
  }
  return paint(drawScene(request.prompt, seed, extent), extent)
}

function parseSize(size: string): Extent {
  const [width, height] = size.split('x').map(Number)
  return width && height ? { width, height } : { width: 1024, height: 1024 }
}

function scaled({ width, height }: Extent, scale: number): Extent {
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}
