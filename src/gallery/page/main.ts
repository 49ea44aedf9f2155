import { createLiveSource, createStaticSource } from './detail/source.ts'
import { startGallery } from './gallery.ts'

const exported = globalThis.imagegenGalleryData
startGallery(document.body, exported ? createStaticSource(exported) : createLiveSource())
