import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { HttpAnswer } from '../http.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });

/** The namespace of EC2's answers, as CloudTrail shows it in records of the wrapped style. */
export const ec2Namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** Parses XML into plain objects: all values are strings, a list of one is its only element. */
export function parseXml(text: string): JsonObject {
  try {
    const parsed: Json = parser.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** The only element of an XML answer, without its attributes. */
export function parseAnswer(body: Buffer): JsonObject {
  const root = Object.values(parseXml(body.toString('utf8'))).find(isObject) ?? {};
  return Object.fromEntries(Object.entries(root).filter(([key]) => !key.startsWith('@') && key !== '#text'));
}

/** An answer of EC2 in its XML. */
export function ec2Answer(action: string, content: JsonObject, requestId: string): HttpAnswer {
  return xmlAnswer(200, { [`${action}Response`]: { '@xmlns': ec2Namespace, requestId, ...content } });
}

/** An answer of a service of the query protocol in its XML. */
export function queryAnswer(namespace: string, action: string, result: JsonObject, requestId: string): HttpAnswer {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xmlAnswer(200, { [`${action}Response`]: { '@xmlns': namespace, ...content } });
}

/** An answer of XML. */
export function xmlAnswer(status: number, document: JsonObject): HttpAnswer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`);
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body };
}
