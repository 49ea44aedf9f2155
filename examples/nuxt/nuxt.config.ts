export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  modules: ['unplugin-imagegen/nuxt'],
  // For pages of the server alone.
  experimental: { componentIslands: true },
})
