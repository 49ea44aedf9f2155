import { ConfigError } from '../../errors/config-error.ts'

/** @throws ConfigError where the options want a list of images, which no hook of Next.js could write */
export function refuseList({ assets }: { readonly assets?: string | undefined }): void {
  if (assets === undefined) return
  throw new ConfigError(
    'Option `assets` does not work with Next.js. Write a list of images with `imagegen export --data FILE` instead.',
  )
}
