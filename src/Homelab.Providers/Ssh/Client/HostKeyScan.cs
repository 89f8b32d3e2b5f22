using System.Security.Cryptography;

namespace Homelab.Providers.Ssh;

/// <summary>The key that a host shows to anybody, by the very way in that a login would take. That it is shown proves nothing: a person compares the fingerprint.</summary>
/// <param name="KnownAs">The host as a line of known_hosts names it.</param>
/// <param name="Type">The kind of key: <c>ssh-ed25519</c>.</param>
/// <param name="Key">The public key, in Base64.</param>
internal sealed record HostKeyScan(string KnownAs, string Type, string Key)
{
    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:…</c>.</summary>
    internal string Fingerprint => FingerprintOf(Key);

    /// <summary>The line for a file of known hosts.</summary>
    internal string Line => $"{KnownAs} {Type} {Key}";

    /// <summary>The fingerprint of a public key in Base64.</summary>
    internal static string FingerprintOf(string key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(key))).TrimEnd('=');

    /// <summary>Reads what ssh wrote into an empty file of known hosts; null when it wrote no key.</summary>
    internal static HostKeyScan? Read(string knownHosts)
    {
        foreach (var line in knownHosts.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var type, var key, ..]) return new HostKeyScan(name, type, key);
        }

        return null;
    }
}
