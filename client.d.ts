/**
 * Types the import of every manifest loosely, as `any`: which names a manifest exports, only its
 * own file tells. `imagegen sync` writes exact types, which win over these.
 */
declare module '*.image.yaml'
declare module '*.image.yml'
