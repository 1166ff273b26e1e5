/** How large an image is, in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size of a PNG, JPEG, GIF or WebP, read from its first bytes; undefined for anything else, and for what is cut off. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return pngSize(data) ?? gifSize(data) ?? webpSize(data) ?? jpegSize(data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function text(data: DataView, at: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => data.getUint8(at + i)));
}

function pngSize(data: DataView): ImageSize | undefined {
  if (data.getUint32(0) !== 0x89504e47 || text(data, 12, 4) !== "IHDR") return undefined;
  return { width: data.getUint32(16), height: data.getUint32(20) };
}

function gifSize(data: DataView): ImageSize | undefined {
  if (!/^GIF8[79]a$/.test(text(data, 0, 6))) return undefined;
  return { width: data.getUint16(6, true), height: data.getUint16(8, true) };
}

function webpSize(data: DataView): ImageSize | undefined {
  if (text(data, 0, 4) !== "RIFF" || text(data, 8, 4) !== "WEBP") return undefined;
  const three = (at: number) => data.getUint16(at, true) + data.getUint8(at + 2) * 65_536;
  switch (text(data, 12, 4)) {
    case "VP8X":
      return { width: three(24) + 1, height: three(27) + 1 };
    case "VP8L": {
      const bits = data.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
    default:
      return undefined;
  }
}

/** Segments follow one another until the one that begins a frame, which has the size. */
function jpegSize(data: DataView): ImageSize | undefined {
  if (data.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; data.getUint8(at) === 0xff; at += 2 + data.getUint16(at + 2)) {
    while (data.getUint8(at + 1) === 0xff) at++;
    const marker = data.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
  }
  return undefined;
}
