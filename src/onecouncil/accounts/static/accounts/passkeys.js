// SPDX-License-Identifier: MIT
// Brings passkey buttons to life: asks the browser for a passkey, puts its answer in the form, sends the form.
// A button: <div data-passkey="create|get" data-form="id" [data-options='…' | data-url="…"] hidden><button>…<p>

const SORRY = 'Your passkey did not answer. Try again, or choose another way.'

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
const withId = (one) => ({ ...one, id: toBytes(one.id) })

function creationOptions (given) {
  const { publicKey } = given
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: withId(publicKey.user),
    excludeCredentials: (publicKey.excludeCredentials ?? []).map(withId),
    // A passkey signs in by itself: the device must keep it, and check who holds the device.
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required'
    }
  }
}

function requestOptions (given) {
  const { publicKey } = given
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    allowCredentials: (publicKey.allowCredentials ?? []).map(withId)
  }
}

function asJson (credential) {
  const { response } = credential
  const parts = { clientDataJSON: toText(response.clientDataJSON) }
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) parts[name] = toText(response[name])
  }
  if (response.getTransports) parts.transports = response.getTransports()
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts
  })
}

async function optionsOf (box) {
  if (box.dataset.options) return JSON.parse(box.dataset.options)
  const answer = await fetch(box.dataset.url, { headers: { Accept: 'application/json' } })
  if (!answer.ok) throw new Error(`${answer.status}`)
  return (await answer.json()).request_options
}

async function ask (box) {
  const given = await optionsOf(box)
  return box.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: creationOptions(given) })
    : navigator.credentials.get({ publicKey: requestOptions(given) })
}

function enliven (box) {
  const form = document.getElementById(box.dataset.form)
  const fault = box.querySelector('.govuk-error-message')
  box.hidden = false
  box.querySelector('button').addEventListener('click', async () => {
    fault.hidden = true
    try {
      form.elements.credential.value = asJson(await ask(box))
      form.submit()
    } catch {
      fault.textContent = SORRY
      fault.hidden = false
    }
  })
}

if (window.PublicKeyCredential) document.querySelectorAll('[data-passkey]').forEach(enliven)
