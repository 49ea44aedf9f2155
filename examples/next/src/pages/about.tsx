import Head from 'next/head'
import Image from 'next/image'
import { gull } from '../site.image.yaml'

export default function About() {
  return (
    <main>
      <Head>
        <title>About the gull</title>
        <link rel="icon" href="data:," />
      </Head>
      <Image src={gull} alt={gull.alt} placeholder="blur" sizes="320px" />
    </main>
  )
}
