import { fileNameProblem } from './file-names.ts'

/**
 * Why a file cannot be emitted under a name: message and hint.
 * @param field where the name stands: `output.file`
 */
export function outputNameFault(file: string, field: string): [string, string] | undefined {
  const segments = file.split('/')
  if (
    /^[a-z]:/i.test(file) ||
    segments.some(part => part === '' || part === '.' || part === '..')
  ) {
    return [
      `\`${field}\` ${JSON.stringify(file)} is not a plain path below the output directory.`,
      'Write it like `og/home.png`.',
    ]
  }
  if (/[\\?#%<>:"|*\p{Cc}]/u.test(file)) {
    return [
      `\`${field}\` ${JSON.stringify(file)} has a character that file names or URLs cannot contain.`,
      'Use letters, digits, "-", "_", "." and "/".',
    ]
  }
  for (const part of segments) {
    const problem = fileNameProblem(part)
    if (!problem) continue
    return [
      `\`${field}\` ${JSON.stringify(file)} is not a valid file name on every system: in ${JSON.stringify(part)}, ${problem}.`,
      'Use letters, digits, "-", "_", "." and "/".',
    ]
  }
  return undefined
}
