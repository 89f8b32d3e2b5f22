using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab;

/// <summary>
/// Judges the certificate of a TLS server: by the system's authorities, by those of one file, or by a pinned fingerprint. There is no way to judge not at all.
/// </summary>
public sealed class TlsTrust
{
    private readonly byte[]? _pin;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2? _own;

    private TlsTrust(byte[]? pin, X509Certificate2Collection? authorities, X509Certificate2? own)
    {
        _pin = pin;
        _authorities = authorities;
        _own = own;
    }

    /// <summary>The system's authorities.</summary>
    public static TlsTrust OfSystem { get; } = new(null, null, null);

    /// <summary>Reads what a definition names.</summary>
    /// <param name="definition">From the lab file; null means the system's authorities.</param>
    /// <param name="basePath">Where relative paths start.</param>
    /// <param name="secrets">Opens the key of our own certificate.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HomelabException"><c>TlsPinInvalid</c>, <c>TlsFileUnreadable</c> (Invalid); <c>SecretNotFound</c> (NotFound).</exception>
    public static async Task<TlsTrust> LoadAsync(TlsDefinition? definition, string basePath, ISecretSource secrets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (definition is null) return OfSystem;
        var pin = definition.Sha256 is { } text ? ReadPin(text) : null;
        var authorities = definition.Ca is { } ca ? await ReadAuthoritiesAsync(Path.Combine(basePath, ca), cancellationToken).ConfigureAwait(false) : null;
        X509Certificate2? own = null;
        if (definition.Certificate is { } certificate)
        {
            var pem = await ReadFileAsync(Path.Combine(basePath, certificate), cancellationToken).ConfigureAwait(false);
            var key = definition.Key is { } reference ? (await secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false)).Reveal() : pem;
            own = ReadOwn(certificate, pem, key);
        }

        return new TlsTrust(pin, authorities, own);
    }

    /// <summary>Options of a client connection that is broken off unless the server's certificate is trusted.</summary>
    /// <param name="judged">Receives the verdict, so that a failed handshake can be explained.</param>
    public SslClientAuthenticationOptions ClientOptions(Action<TlsVerdict>? judged = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var verdict = Judge(certificate as X509Certificate2, chain, errors) with { Sha256 = certificate?.GetCertHashString(HashAlgorithmName.SHA256), NotAfter = (certificate as X509Certificate2)?.NotAfter.ToUniversalTime() };
                judged?.Invoke(verdict);
                return verdict.Trusted;
            },
        };
        if (_own is not null) options.ClientCertificates = [_own];
        return options;
    }

    /// <summary>Judges what a handshake showed. A pin speaks alone: the certificate it names is trusted, whatever its dates and issuer; no other is.</summary>
    public TlsVerdict Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return new TlsVerdict(false, "the server showed no certificate");
        if (_pin is not null)
        {
            return certificate.GetCertHash(HashAlgorithmName.SHA256).AsSpan().SequenceEqual(_pin)
                ? new TlsVerdict(true, "the pinned certificate")
                : new TlsVerdict(false, "not the pinned certificate: its SHA-256 is " + certificate.GetCertHashString(HashAlgorithmName.SHA256));
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return new TlsVerdict(false, "the certificate is not valid for this name");
        if (_authorities is null)
        {
            return errors == SslPolicyErrors.None ? new TlsVerdict(true, "an authority of this system vouches for it") : new TlsVerdict(false, Explain(chain));
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nobody is asked over the network while we judge: the server has to send its intermediates.
        own.ChainPolicy.DisableCertificateDownloads = true;
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(certificate) ? new TlsVerdict(true, "an authority of the lab vouches for it") : new TlsVerdict(false, Explain(own));
    }

    private static string Explain(X509Chain? chain)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, next) => all | next.Status) ?? X509ChainStatusFlags.PartialChain;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return "the certificate is out of date";
        if (status.HasFlag(X509ChainStatusFlags.UntrustedRoot)) return "no authority we know vouches for the certificate";
        if (status.HasFlag(X509ChainStatusFlags.PartialChain)) return "the certificate's issuer is not known, or the server does not send its intermediate certificate";
        return status == X509ChainStatusFlags.NoError ? "the certificate is not trusted" : $"the certificate is not trusted: {status}";
    }

    private static byte[] ReadPin(string text)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal).Trim();
        if (hex.Length == 64 && hex.All(char.IsAsciiHexDigit)) return Convert.FromHexString(hex);
        throw new HomelabException(ErrorKind.Invalid, "TlsPinInvalid", $"'{text}' is no SHA-256 fingerprint. Give 64 hexadecimal digits, with or without colons.", text);
    }

    private static async Task<X509Certificate2Collection> ReadAuthoritiesAsync(string path, CancellationToken cancellationToken)
    {
        var pem = await ReadFileAsync(path, cancellationToken).ConfigureAwait(false);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw Unreadable(path, e.Message, e);
        }

        return authorities.Count > 0 ? authorities : throw Unreadable(path, "it holds no certificate", null);
    }

    private static X509Certificate2 ReadOwn(string path, string certificate, string key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPem(certificate, key);
            // Windows cannot use a key that lives in memory alone.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Unreadable(path, "it and its key are no PEM pair that fits", null);
        }
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e.Message, e);
        }
    }

    private static HomelabException Unreadable(string path, string reason, Exception? inner) =>
        new(ErrorKind.Invalid, "TlsFileUnreadable", $"The PEM file '{path}' cannot be used: {reason}. Look at tls: in the lab file.", path, inner);
}

/// <summary>What came of judging a certificate.</summary>
/// <param name="Trusted">True when it may be relied on.</param>
/// <param name="Reason">Why, one line for people.</param>
public sealed record TlsVerdict(bool Trusted, string Reason)
{
    /// <summary>SHA-256 of the certificate that was shown, in hex: what a person may pin. Null when none was.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Until when it is valid, UTC. Null when none was shown.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}
