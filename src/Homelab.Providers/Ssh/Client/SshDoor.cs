using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>The way into one host: which address, by which keys, through which other host. It makes connections and keeps none.</summary>
/// <param name="login">The host and the account.</param>
/// <param name="jump">The host through which it is reached; null for a direct way.</param>
/// <param name="networks">The networks that addresses must lie in; any when empty.</param>
/// <param name="context">What the lab's providers are made from.</param>
/// <param name="manner">How ssh is used.</param>
internal sealed class SshDoor(SshLogin login, SshHost? jump, IReadOnlyList<string> networks, ProviderContext context, SshManner manner)
{
    private readonly Lazy<DirectoryInfo> _sockets = new(PrivateFolder.Create);
    private int _count;

    internal SshLogin Login => login;

    /// <summary>Makes a connection that others share.</summary>
    internal Task<SshMaster> OpenAsync(CancellationToken cancellationToken) => EachAsync(
        async (way, said) =>
        {
            var socket = Socket("m");
            var (exitCode, words) = await SshProcess.RunAsync(login.Host, manner, way.Master(manner, socket), staysBehind: true, cancellationToken).ConfigureAwait(false);
            if (exitCode == 0 && File.Exists(socket)) return new SshMaster(way, socket);
            said.Append(words);
            return null;
        },
        cancellationToken);

    /// <summary>Finds a way for one command alone; nothing is connected yet.</summary>
    /// <param name="attempt">Which address to take, from 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<SshWay> FindAsync(int attempt, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(cancellationToken).ConfigureAwait(false);
        var address = addresses[Math.Min(attempt, addresses.Count) - 1];
        var (proxy, through, _) = await ThroughAsync(address, errors: null, cancellationToken).ConfigureAwait(false);
        var files = await SshFiles.PrepareAsync(login, context.BasePath, context.Secrets, cancellationToken).ConfigureAwait(false);
        return new SshWay(login, address, files, proxy) { Through = through, IsLast = attempt >= addresses.Count };
    }

    /// <summary>Asks the host for its key, by the very way a login takes. Logs nobody in.</summary>
    /// <exception cref="HomelabException"><c>SshUnreachable</c> (Unavailable) and what keeps us from asking.</exception>
    internal Task<HostKeyScan> ScanAsync(CancellationToken cancellationToken) => EachAsync(
        async (way, said) =>
        {
            using var files = SshFiles.Empty();
            var (_, words) = await SshProcess.RunAsync(login.Host, manner, (way with { Files = files }).Scan(manner), staysBehind: false, cancellationToken).ConfigureAwait(false);
            if (File.Exists(files.KnownHosts) && HostKeyScan.Read(await File.ReadAllTextAsync(files.KnownHosts, cancellationToken).ConfigureAwait(false)) is { } scan) return scan;
            said.Append(words);
            return null;
        },
        cancellationToken);

    /// <summary>Why a connection failed, with the key that the host shows where that is the cause.</summary>
    internal async Task<HomelabException> ExplainAsync(IPAddress address, string said, CancellationToken cancellationToken)
    {
        var failure = SshErrors.Read(login, address, said, manner.ConnectTimeout);
        if (failure.Id is not ("HostKeyUnknown" or "HostKeyChanged")) return failure;
        try
        {
            return SshErrors.HostKey(login, failure.Id == "HostKeyChanged", await ScanAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HomelabException)
        {
            // The host is gone in between: what it showed is not known, and the failure stays what it was.
            return failure;
        }
    }

    /// <summary>Removes its sockets.</summary>
    internal void Close()
    {
        if (_sockets.IsValueCreated && Directory.Exists(_sockets.Value.FullName)) _sockets.Value.Delete(recursive: true);
    }

    // One address after another; what is no matter of the address ends it.
    private async Task<T> EachAsync<T>(Func<SshWay, StringBuilder, Task<T?>> tryAsync, CancellationToken cancellationToken)
        where T : class
    {
        var addresses = await AddressesAsync(cancellationToken).ConfigureAwait(false);
        using var files = await SshFiles.PrepareAsync(login, context.BasePath, context.Secrets, cancellationToken).ConfigureAwait(false);
        HomelabException? failure = null;
        var again = true;
        for (var i = 0; i < addresses.Count; i++)
        {
            var address = addresses[i];
            // ssh throws away what a proxy command of a shared connection says.
            var errors = jump is null ? null : Socket("p");
            var (proxy, through, master) = await ThroughAsync(address, errors, cancellationToken).ConfigureAwait(false);
            using (through)
            {
                var said = new StringBuilder();
                if (await tryAsync(new SshWay(login, address, files, proxy), said).ConfigureAwait(false) is { } done) return done;
                if (errors is not null && File.Exists(errors)) said.Insert(0, await File.ReadAllTextAsync(errors, cancellationToken).ConfigureAwait(false));
                var words = said.ToString();
                if (again && master is not null && words.Contains(SshEnding.NoMasterWord, StringComparison.Ordinal))
                {
                    jump!.Forget(master);
                    again = false;
                    i--;
                    continue;
                }

                // A look at the host's key would only lead here again.
                failure = typeof(T) == typeof(HostKeyScan) ? SshErrors.Read(login, address, words, manner.ConnectTimeout) : await ExplainAsync(address, words, cancellationToken).ConfigureAwait(false);
                if (failure.Kind != ErrorKind.Unavailable) break;
            }
        }

        throw failure!;
    }

    private async Task<(string? Proxy, SshWay? Through, SshMaster? Master)> ThroughAsync(IPAddress address, string? errors, CancellationToken cancellationToken)
    {
        if (jump is null) return (null, null, null);
        var place = SshWay.Forward(address, login.Port);
        if (!manner.Shares)
        {
            var through = await jump.Door.FindAsync(attempt: 1, cancellationToken).ConfigureAwait(false);
            return (SshWay.ProxyOf([manner.Program, .. through.Onward(manner, place)]), through, null);
        }

        var master = await jump.AnyMasterAsync(cancellationToken).ConfigureAwait(false);
        var proxy = SshWay.ProxyOf([manner.Program, .. SshWay.Over(master.Socket, "-W", place, "--", master.Way.Destination)]);
        return (errors is null ? proxy : $"{proxy} 2>{SshWay.ProxyOf([errors])}", null, master);
    }

    private string Socket(string prefix)
    {
        var folder = _sockets.Value;
        // Somebody who clears temporary folders may have taken it.
        if (!Directory.Exists(folder.FullName)) PrivateFolder.Again(folder);
        return Path.Combine(folder.FullName, prefix + Interlocked.Increment(ref _count).ToString("x", CultureInfo.InvariantCulture));
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(login.Address, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(login.Address, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw SshErrors.Unreachable(login, $"its name is not known ({e.Message.TrimEnd('.')})", e);
        }

        if (addresses.Length == 0) throw SshErrors.Unreachable(login, "its name has no address");
        if (networks.Count == 0) return addresses;
        IPAddress[] allowed = [.. addresses.Where(IsAllowed)];
        return allowed.Length > 0 ? allowed : throw SshErrors.NetworkDenied(login, addresses, networks);
    }

    private bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return networks.Any(n => IPNetwork.TryParse(n, out var network) ? network.Contains(address) : IPAddress.TryParse(n, out var one) && one.Equals(address));
    }
}
