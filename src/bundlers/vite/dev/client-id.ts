/** The generated modules import it to keep up to date; the plugin resolves and loads it. */
export const CLIENT_ID = 'virtual:imagegen/client'

export const CLIENT_SPECIFIER: RegExp = /virtual:imagegen\/client$/

export const RESOLVED_CLIENT_ID: string = `\0${CLIENT_ID}`

/** Vite's own client, which every page of its server loads. */
export const VITE_CLIENT_ID: RegExp = /\/dist\/client\/client\.mjs(?:\?|$)/
