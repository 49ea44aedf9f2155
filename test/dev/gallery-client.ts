import type { GalleryData, GalleryImage } from '../../src/gallery/data/gallery-data.ts'
import type { GalleryDetails } from '../../src/gallery/data/gallery-details.ts'
import type { GalleryWords } from '../../src/gallery/data/gallery-exchanges.ts'
import type { ImageId } from '../../src/manifest/image-id.ts'

/** The gallery of a running server, as its page sees it. */
export interface GalleryClient {
  data(): Promise<GalleryData>
  image(name: string): Promise<GalleryImage>
  details(image: ImageId): Promise<GalleryDetails>
  words(image: ImageId): Promise<GalleryWords>
  /** Posts with the token that the data had; returns status and body. */
  post(address: string, body: object, headers?: Record<string, string>): Promise<PostResult>
  get(address: string): Promise<Response>
}

export interface PostResult {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of each answer
  readonly body: any
}

export async function openGallery(url: string): Promise<GalleryClient> {
  const base = `${url}__imagegen/`
  const get = (address: string) => fetch(base + address)
  async function data(): Promise<GalleryData> {
    const answer = await get('data.json')
    if (answer.status !== 200) throw new Error(await answer.text())
    return (await answer.json()) as GalleryData
  }
  async function ask<T>(address: string, { manifest, name }: ImageId): Promise<T> {
    const answer = await get(`${address}?${new URLSearchParams({ manifest, name })}`)
    const body = await answer.json()
    if (answer.status !== 200) throw new Error(`${answer.status}: ${body.error}`)
    return body
  }
  const token = (await data()).actions?.token
  return {
    data,
    get,
    async image(name) {
      const { images } = await data()
      const found = images.find(({ id }) => id.name === name)
      if (!found) throw new Error(`The gallery has no ${name}.`)
      return found
    },
    details: image => ask('details', image),
    words: image => ask('words', image),
    async post(address, body, headers = {}) {
      const answer = await fetch(base + address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: new URL(url).origin, ...headers },
        body: JSON.stringify({ token, ...body }),
      })
      return { status: answer.status, body: await answer.json() }
    },
  }
}
