import { fileNameProblem, foldName } from './file-names.ts'

/** An image, as far as its name can clash with that of another one. */
export interface NamedImage {
  readonly name: string
  readonly exportName: string
  readonly at: { readonly line: number }
}

/** Why a name cannot be that of an image, as the end of a sentence; undefined when it can. */
export function imageNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty'
  if (name.includes('#')) return '"#" separates a manifest from an image on the command line'
  return fileNameProblem(name)
}

/** The images of a manifest by name. */
export interface ImageNames {
  /** Takes an image's name; returns what it clashes with, as a sentence. */
  add(image: NamedImage): string | undefined
}

export function createImageNames(): ImageNames {
  const byExportName = new Map<string, NamedImage>()
  const byFoldedName = new Map<string, NamedImage>()
  return {
    add(image) {
      const folded = foldName(image.name)
      const other = byExportName.get(image.exportName) ?? byFoldedName.get(folded)
      if (!other) byExportName.set(image.exportName, image)
      byFoldedName.set(folded, image)
      return other && describeClash(image, other)
    },
  }
}

function describeClash(image: NamedImage, other: NamedImage): string {
  const { line } = other.at
  const both = `\`${other.name}\` (line ${line}) and \`${image.name}\``
  if (image.name === other.name) {
    return `Two images have the name \`${image.name}\`. The other one is in line ${line}.`
  }
  if (image.exportName === other.exportName) {
    return `${both} would both be exported as \`${image.exportName}\`.`
  }
  const difference =
    image.name.normalize('NFC') === other.name.normalize('NFC')
      ? 'their Unicode form'
      : 'upper and lower case'
  return `${both} differ only in ${difference}, and some file systems treat them as the same name.`
}
