import type { PlannedFile } from '../rendition.ts'

/** From this effort on, JPEG is written with all that mozjpeg can do. */
export const THOROUGH_JPEG = 7

const MOST_EFFORT = 9
const MOST_WEBP_EFFORT = 6

/** Quality, and an effort of 1 to 9, in the terms of each encoder. */
export function encoderOptions({
  format,
  quality,
  effort,
}: Pick<PlannedFile, 'format' | 'quality' | 'effort'>): object {
  return {
    ...(quality !== undefined && { quality }),
    ...(effort !== undefined && effortOptions(format, effort)),
  }
}

function effortOptions(format: PlannedFile['format'], effort: number): object {
  switch (format) {
    case 'png':
      return { compressionLevel: effort }
    case 'jpeg':
      return { mozjpeg: effort >= THOROUGH_JPEG }
    case 'webp':
      return { effort: Math.round((effort * MOST_WEBP_EFFORT) / MOST_EFFORT) }
    case 'avif':
      return { effort }
  }
}
