import type { DescribedAsset, ImageAsset, ImageSource } from '../../src/html.ts'

/** A tiny WebP, blue above and green below. */
export const BLUR =
  'data:image/webp;base64,UklGRjwAAABXRUJQVlA4IDAAAADwAQCdASoQAAkAA4BaJagCdGuAAszisAAA/uvQ6V8F7xGN41EUC+xwPoJH/g1tKAA='

const widths = (name: string, extension: string) =>
  `/pictures/${name}-320x180.${extension} 320w, /pictures/${name}-640x360.${extension} 640w`

const source = (name: string, extension: string): ImageSource => ({
  type: `image/${extension}`,
  srcset: widths(name, extension),
})

/** Two formats in two widths, as a build makes them. */
export const HERO: DescribedAsset = {
  src: '/pictures/hero-640x360.jpeg',
  width: 640,
  height: 360,
  format: 'jpeg',
  type: 'image/jpeg',
  srcset: widths('hero', 'jpeg'),
  sources: [source('hero', 'webp'), source('hero', 'jpeg')],
  placeholder: { color: '#1e3a8a', dataUrl: BLUR },
  alt: 'A lighthouse',
}

const DARK = { media: '(prefers-color-scheme: dark)' }
const PHONE = { media: '(max-width: 30rem)', width: 320, height: 400 }

/** Another picture in the dark, another crop on phones. */
export const DIRECTED: DescribedAsset = {
  ...HERO,
  sources: [
    { ...source('night', 'webp'), ...DARK },
    { ...source('night', 'jpeg'), ...DARK },
    { type: 'image/webp', srcset: '/pictures/phone-320x400.webp', ...PHONE },
    { type: 'image/jpeg', srcset: '/pictures/phone-320x400.jpeg', ...PHONE },
    source('hero', 'webp'),
    source('hero', 'jpeg'),
  ],
}

/** One file, and nothing that says what it shows. */
export const PLAIN: ImageAsset = {
  src: '/pictures/plain-200x100.png',
  width: 200,
  height: 100,
  format: 'png',
  type: 'image/png',
}

export const LOGO: DescribedAsset = {
  ...PLAIN,
  src: '/pictures/logo-200x100.png',
  alpha: true,
  placeholder: { color: '#1e3a8a', dataUrl: BLUR },
  alt: 'The logo',
}

export const HASHED: DescribedAsset = {
  ...PLAIN,
  src: '/pictures/hashed-200x100.png',
  placeholder: { color: '#14532d', thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI' },
  alt: 'A forest',
}

export const DENSE: DescribedAsset = {
  ...PLAIN,
  srcset: '/pictures/dense-100x50.png 1x, /pictures/dense-200x100.png 2x',
  alt: 'A portrait of fixed size',
}
