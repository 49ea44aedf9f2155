/** Takes a secret out of whatever text a server sent. */
export type Scrub = (text: string) => string

/** Servers like to quote the key that they refuse: whole, or with its middle masked. */
export function createScrub(secret: string): Scrub {
  if (secret === '') return text => text
  return text => text.replaceAll(secret, '[API key]')
}
