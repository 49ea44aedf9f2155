// Written by imagegen from site.image.yaml. Edits are lost.
// Fingerprint: 95c5e553fa66eb36

/**
 * > A lighthouse on a cliff at dawn, seen from the sea
 * >
 * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
 *
 * Asked for as `1536x1024`; 1440×960 pixels.
 */
export declare const lighthouse: {
  readonly src: string
  readonly width: 1440
  readonly height: 960
  readonly format: 'jpeg'
  readonly type: 'image/jpeg'
  readonly srcset: string
  readonly sources: readonly [
    { readonly type: 'image/avif'; readonly srcset: string },
    { readonly type: 'image/webp'; readonly srcset: string },
    { readonly type: 'image/jpeg'; readonly srcset: string },
  ]
  readonly placeholder: { readonly color: string; readonly dataUrl: string }
  readonly alpha?: true
  readonly alt: 'A lighthouse on a cliff above a calm sea at dawn'
}

/**
 * > The same scene at night, the lamp lit
 * >
 * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
 *
 * Asked for as `1536x1024`; 1440×960 pixels.
 */
export declare const lighthouseNight: {
  readonly src: string
  readonly width: 1440
  readonly height: 960
  readonly format: 'jpeg'
  readonly type: 'image/jpeg'
  readonly srcset: string
  readonly sources: readonly [
    { readonly type: 'image/avif'; readonly srcset: string },
    { readonly type: 'image/webp'; readonly srcset: string },
    { readonly type: 'image/jpeg'; readonly srcset: string },
  ]
  readonly placeholder: { readonly color: string; readonly dataUrl: string }
  readonly alpha?: true
  readonly alt: 'The same lighthouse at night, its lamp lit'
}

/**
 * > A lighthouse as a bold, simple mark on a plain ground
 * >
 * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
 *
 * Asked for as `1024x1024`; 48×48 pixels.
 */
export declare const mark: {
  readonly src: string
  readonly width: 48
  readonly height: 48
  readonly format: 'png'
  readonly type: 'image/png'
  readonly srcset: string
  readonly sources: readonly [
    { readonly type: 'image/webp'; readonly srcset: string },
    { readonly type: 'image/png'; readonly srcset: string },
  ]
  readonly placeholder: { readonly color: string; readonly dataUrl: string }
  readonly alpha?: true
  readonly alt: ''
  readonly files: {
    readonly 'favicon.ico': {
      readonly src: string
      readonly width: 48
      readonly height: 48
      readonly type: 'image/x-icon'
    }
    readonly 'apple-touch-icon.png': {
      readonly src: string
      readonly width: 180
      readonly height: 180
      readonly type: 'image/png'
    }
    readonly 'icon-192.png': {
      readonly src: string
      readonly width: 192
      readonly height: 192
      readonly type: 'image/png'
    }
    readonly 'icon-512.png': {
      readonly src: string
      readonly width: 512
      readonly height: 512
      readonly type: 'image/png'
    }
    readonly 'icon-maskable-512.png': {
      readonly src: string
      readonly width: 512
      readonly height: 512
      readonly type: 'image/png'
    }
  }
  readonly links: readonly [
    {
      readonly rel: 'icon'
      readonly href: string
      readonly sizes: '16x16 32x32 48x48'
      readonly type: 'image/x-icon'
    },
    {
      readonly rel: 'apple-touch-icon'
      readonly href: string
      readonly sizes: '180x180'
      readonly type: 'image/png'
    },
  ]
  readonly manifestIcons: readonly [
    {
      readonly src: string
      readonly sizes: '192x192'
      readonly type: 'image/png'
      readonly purpose: 'any'
    },
    {
      readonly src: string
      readonly sizes: '512x512'
      readonly type: 'image/png'
      readonly purpose: 'any'
    },
    {
      readonly src: string
      readonly sizes: '512x512'
      readonly type: 'image/png'
      readonly purpose: 'maskable'
    },
  ]
}

declare const images: {
  /**
   * > A lighthouse on a cliff at dawn, seen from the sea
   * >
   * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
   *
   * Asked for as `1536x1024`; 1440×960 pixels.
   */
  readonly lighthouse: typeof lighthouse
  /**
   * > The same scene at night, the lamp lit
   * >
   * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
   *
   * Asked for as `1536x1024`; 1440×960 pixels.
   */
  readonly 'lighthouse-night': typeof lighthouseNight
  /**
   * > A lighthouse as a bold, simple mark on a plain ground
   * >
   * > Flat vector landscape, soft light, palette of #0f172a, #38bdf8 and #f59e0b.
   *
   * Asked for as `1024x1024`; 48×48 pixels.
   */
  readonly mark: typeof mark
}

export default images
