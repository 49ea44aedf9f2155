import { type ImageId, type ImageKey, imageKey } from '../../../manifest/image-id.ts'

/** A module of a server that names an image by URL: a style sheet, a component, a script. */
export interface UrlUser {
  /** Of the module. */
  readonly id: string
  /** Pages swap its pictures: they need not load it again. */
  readonly isSwapped: boolean
}

export interface UrlUsers {
  note(image: ImageId, user: UrlUser): void
  /** The modules that name an image. */
  of(image: ImageId): readonly UrlUser[]
}

export function createUrlUsers(): UrlUsers {
  const users = new Map<ImageKey, Map<string, UrlUser>>()
  return {
    note(image, user) {
      const key = imageKey(image)
      users.set(key, (users.get(key) ?? new Map<string, UrlUser>()).set(user.id, user))
    },
    of: image => [...(users.get(imageKey(image))?.values() ?? [])],
  }
}
