import { differenceOfTexts } from './text-difference'

self.onmessage = ({ data }: MessageEvent<{ a: string; b: string }>) => self.postMessage(differenceOfTexts(data.a, data.b))
