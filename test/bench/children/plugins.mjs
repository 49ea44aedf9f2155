/** The plugin under test, in the words of its own documentation. */
export const vitePlugins = {
  none: async () => [],
  product: async () => {
    const { default: imagegen } = await import('unplugin-imagegen/vite')
    return [imagegen({ mode: 'frozen' })]
  },
  imagetools: async ({ root }) => {
    const { imagetools } = await import('vite-imagetools')
    return [imagetools({ cache: { dir: `${root}/node_modules/.cache/imagetools` } })]
  },
}
