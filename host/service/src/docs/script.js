// Makes the page from /openapi.json. Everything of the document enters the page as text.
"use strict";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A schema's type in a few words; named types are links.
function type(schema) {
  if (schema === true || schema === undefined) return ["anything"];
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return [element("a", { href: `#type-${name}` }, name)];
  }
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.flatMap((one, at) => (at ? [" or ", ...type(one)] : type(one)));
  if (schema.allOf) return schema.allOf.flatMap((one, at) => (at ? [" and ", ...type(one)] : type(one)));
  if (schema.const !== undefined) return [element("code", {}, JSON.stringify(schema.const))];
  if (schema.enum) {
    return schema.enum.flatMap((one, at) => [at ? ", " : "one of ", element("code", {}, JSON.stringify(one))]);
  }
  const names = [schema.type ?? "anything"].flat();
  return names.flatMap((name, at) => {
    const before = at ? [" or "] : [];
    if (name === "array") return [...before, "list of ", ...type(schema.items)];
    if (name === "object" && typeof schema.additionalProperties === "object") {
      return [...before, "object of ", ...type(schema.additionalProperties)];
    }
    return [...before, name];
  });
}

function bounds(schema) {
  const words = {
    minimum: "at least", maximum: "at most", minLength: "length at least", maxLength: "length at most",
    minItems: "entries at least", maxItems: "entries at most", pattern: "matches", default: "default",
  };
  return Object.entries(words)
    .filter(([key]) => schema[key] !== undefined && schema[key] !== null)
    .map(([key, word]) => `${word} ${typeof schema[key] === "string" ? schema[key] : JSON.stringify(schema[key])}`)
    .join(", ");
}

// The fields of an object, or the type of anything else.
function fields(schema) {
  if (!schema?.properties) return element("p", {}, ...type(schema), schema?.description ? `: ${schema.description}` : "");
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const extra = [required.has(name) ? "required" : "", typeof field === "object" ? bounds(field) : ""].filter(Boolean);
    return element("tr", {},
      element("td", {}, element("code", {}, name)),
      element("td", {}, ...type(field)),
      element("td", {}, field.description ?? "", " ", element("span", { class: "soft" }, extra.join(", "))));
  });
  const head = element("tr", {}, ...["field", "type", "meaning"].map((word) => element("th", {}, word)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

// What is sent: its named type, and the fields of that.
function content(title, body, schemas) {
  return Object.entries(body?.content ?? {}).flatMap(([media, { schema }]) => {
    const head = element("h4", {}, `${title} `, element("code", {}, media));
    const named = schema?.$ref && schemas[schema.$ref.split("/").pop()];
    if (!named?.properties) return [head, fields(schema)];
    return [head, element("p", {}, ...type(schema), named.description ? `: ${named.description}` : ""), fields(named)];
  });
}

function operation(path, method, described, schemas) {
  const id = described.operationId ?? `${method}-${path}`;
  const head = element("summary", {},
    element("span", { class: "method" }, method.toUpperCase()), element("span", { class: "path" }, path), " ",
    element("span", { class: "summary" }, described.summary ?? ""));
  const inside = element("div", {});
  if (described.description) inside.append(element("p", {}, described.description));
  if (described.parameters?.length) {
    const properties = Object.fromEntries(described.parameters.map((parameter) =>
      [parameter.name, { ...parameter.schema, description: parameter.description }]));
    const required = described.parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name);
    inside.append(element("h4", {}, "Parameters"), fields({ properties, required }));
  }
  inside.append(...content("Request", described.requestBody, schemas));
  for (const [status, response] of Object.entries(described.responses ?? {})) {
    const title = status === "default" ? "Anything else" : status;
    inside.append(element("p", {}, element("strong", {}, title), ` ${response.description ?? ""}`));
    inside.append(...content("Response", response, schemas));
  }
  return element("details", { id }, head, inside);
}

// A link may lead to what was made only now, or into something closed.
function show() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const details = target.closest("details");
  if (details) details.open = true;
  target.scrollIntoView();
}

async function main() {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`/openapi.json: ${response.status}`);
  const described = await response.json();
  document.getElementById("version").textContent = `(version ${described.info.version})`;
  document.getElementById("description").textContent = described.info.description ?? "";
  const methods = ["get", "post", "put", "patch", "delete"];
  const schemas = described.components?.schemas ?? {};
  const all = Object.entries(described.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => operation(path, method, item[method], schemas)));
  document.getElementById("paths").replaceChildren(...all);
  const types = Object.entries(schemas).map(([name, schema]) =>
    element("details", { id: `type-${name}` },
      element("summary", {}, element("code", {}, name), " ",
        element("span", { class: "summary" }, schema.description ?? "")),
      element("div", {}, fields(schema))));
  document.getElementById("schemas").replaceChildren(...types);
  show();
}

addEventListener("hashchange", show);
main().catch((error) => {
  document.getElementById("paths").replaceChildren(element("p", {}, `The list could not be made: ${error.message}`));
});
