/** Place is what an address of the portal names. */
export type Place = { readonly page: string; readonly id: string };

/** placeOf reads a path: the catalogue, one API, the products, one product, the reader's subscriptions, sign-in. */
export function placeOf(path: string): Place {
  const [first = "", id = "", ...rest] = path.split("/").filter((part) => part !== "").map(decode);
  if (rest.length > 0) return { page: "absent", id: "" };
  switch (first) {
    case "":
      return { page: "apis", id: "" };
    case "apis":
      return { page: id ? "api" : "apis", id };
    case "products":
      return { page: id ? "product" : "products", id };
    case "subscriptions":
    case "sign-in":
      return { page: id ? "absent" : first, id };
    default:
      return { page: "absent", id: "" };
  }
}

/** hrefOf is the address of a page, or of one thing on it. */
export function hrefOf(page: "apis" | "products" | "subscriptions" | "sign-in", id = ""): string {
  return id ? `/${page}/${encodeURIComponent(id)}` : `/${page}`;
}

/** on makes the condition of a screen. */
export function on(page: string): (place: Place) => boolean {
  return (place) => place.page === page;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
