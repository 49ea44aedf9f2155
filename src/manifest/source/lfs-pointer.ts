/** Bytes: no Git LFS pointer is larger. */
export const LARGEST_POINTER = 1024

/** The end of a sentence about a file that is a pointer, and what to do. */
export const IS_LFS_POINTER = 'is a Git LFS pointer instead of the file itself'
export const PULL_LFS = 'Run `git lfs pull`. In CI, enable LFS for the checkout.'

/** Whether content is a pointer, which Git leaves in place of a file that LFS has not fetched. */
export function isLfsPointer(content: Uint8Array | string): boolean {
  const head =
    typeof content === 'string' ? content : Buffer.from(content.subarray(0, 100)).toString('latin1')
  return /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d/.test(head)
}
