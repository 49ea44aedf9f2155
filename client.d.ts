/**
 * Types the import of every manifest loosely: its image, or its images by name. Which names a
 * manifest exports, only its own file tells, so that named imports need the exact types of
 * `imagegen sync`, which win over these.
 */
declare module '*.image.yaml' {
  type ImageAsset = import('./dist/picture/html.mjs').ImageAsset

  const images: ImageAsset & { readonly [name: string]: ImageAsset }
  export default images
}
declare module '*.image.yml' {
  type ImageAsset = import('./dist/picture/html.mjs').ImageAsset

  const images: ImageAsset & { readonly [name: string]: ImageAsset }
  export default images
}

/** The URL of one picture: `import url from './site.image.yaml?image=hero&src'`. */
declare module '*&src' {
  const url: string
  export default url
}
