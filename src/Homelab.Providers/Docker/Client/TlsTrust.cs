using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Providers.Docker;

/// <summary>Verifies one TLS server: by the system's authorities, by authorities of its own, or by a pinned fingerprint. Never not at all.</summary>
internal sealed class TlsTrust(TcpEndpoint endpoint, TlsDefinition tls, string basePath, ISecretSource secrets)
{
    private string? _refusal;

    /// <summary>Shakes hands.</summary>
    /// <exception cref="HomelabException"><c>CertificateNotTrusted</c> (Failed), with the server's fingerprint; <c>DockerEndpointInvalid</c>: a file cannot be used; <c>DockerUnreachable</c>.</exception>
    internal async Task AuthenticateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = endpoint.Server };
        using var own = tls.Certificate is null ? null : await OwnCertificateAsync(cancellationToken).ConfigureAwait(false);
        if (own is not null) options.ClientCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true);
        if (tls.Sha256 is not null)
        {
            var pin = Normalise(tls.Sha256);
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => IsPinned(certificate, pin);
        }
        else
        {
            if (tls.Ca is not null) options.CertificateChainPolicy = OwnAuthorities();
            options.RemoteCertificateValidationCallback = IsTrusted;
        }

        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            throw new HomelabException(
                ErrorKind.Failed,
                "CertificateNotTrusted",
                $"Docker on {endpoint.Host} ({endpoint.Address}) was not trusted: {_refusal ?? e.InnerException?.Message ?? e.Message}. "
                + $"If that is the server you mean, pin it with hosts.{endpoint.Host}.docker.tls.sha256, or name its authority with tls.ca.",
                endpoint.Host,
                e)
            { NothingHappened = true };
        }
        catch (IOException e)
        {
            throw DockerErrors.Unreachable(endpoint, "it ended the TLS handshake; perhaps it speaks no TLS, or wants a client certificate", e);
        }
    }

    internal static string Fingerprint(X509Certificate certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private bool IsPinned(X509Certificate? certificate, string pin)
    {
        if (certificate is null)
        {
            _refusal = "it showed no certificate";
            return false;
        }

        var fingerprint = Fingerprint(certificate);
        if (string.Equals(fingerprint, pin, StringComparison.OrdinalIgnoreCase)) return true;
        _refusal = $"its certificate has SHA-256 {fingerprint}, and {pin.ToUpperInvariant()} is pinned";
        return false;
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) reasons.Add("it showed no certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) reasons.Add($"its certificate is not for '{endpoint.Server}'");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var status = chain?.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).Distinct(StringComparer.Ordinal) ?? [];
            reasons.Add("its certificate does not lead to a trusted authority (" + string.Join("; ", status) + ")");
        }

        _refusal = string.Join(", ", reasons) + (certificate is null ? "" : $"; its SHA-256 is {Fingerprint(certificate)}");
        return false;
    }

    private X509ChainPolicy OwnAuthorities()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        var path = Path.Combine(basePath, tls.Ca!);
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable("tls.ca", path, e);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw Unusable("tls.ca", path, inner: null);
    }

    private async Task<X509Certificate2> OwnCertificateAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(basePath, tls.Certificate!);
        try
        {
            var certificate = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            // Both may stand in one file.
            var key = tls.Key is null ? certificate : (await secrets.ResolveAsync(tls.Key, cancellationToken).ConfigureAwait(false)).Reveal();
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            // Windows refuses keys that live in memory only.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable("tls.certificate", path, e);
        }
    }

    private HomelabException Unusable(string key, string path, Exception? inner) => new(
        ErrorKind.Invalid,
        "DockerEndpointInvalid",
        $"hosts.{endpoint.Host}.docker.{key} '{path}' holds nothing usable{(inner is null ? "" : ": " + inner.Message)}. Give a readable PEM file.",
        endpoint.Host,
        inner)
    { NothingHappened = true };

    private string Normalise(string fingerprint)
    {
        var hex = fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (hex.Length == SHA256.HashSizeInBytes * 2 && hex.All(char.IsAsciiHexDigit)) return hex;
        throw new HomelabException(ErrorKind.Invalid, "DockerEndpointInvalid", $"hosts.{endpoint.Host}.docker.tls.sha256 is not a SHA-256 in hex.", endpoint.Host) { NothingHappened = true };
    }
}
