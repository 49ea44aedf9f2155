import { startGallery } from './gallery.ts'
import { createLiveSource, createStaticSource } from './source.ts'

const exported = globalThis.imagegenGalleryData
startGallery(document.body, exported ? createStaticSource(exported) : createLiveSource())
