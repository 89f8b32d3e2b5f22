using System.Globalization;
using System.Net;

namespace Homelab.Providers.Ssh;

/// <summary>One way to one address of a host: the only place where ssh's options are written. Nothing of the account's own SSH set-up is used.</summary>
/// <param name="Login">The host and the account.</param>
/// <param name="Address">The very address, already checked.</param>
/// <param name="Files">The keys.</param>
/// <param name="Proxy">The command through which it is reached; null for a direct way.</param>
internal sealed record SshWay(SshLogin Login, IPAddress Address, SshFiles Files, string? Proxy) : IDisposable
{
    /// <summary>The way to the host before, where it is not a shared connection.</summary>
    internal SshWay? Through { get; init; }

    /// <summary>True when the host has no further address to try.</summary>
    internal bool IsLast { get; init; } = true;

    /// <summary>Account and address.</summary>
    internal string Destination => $"{Login.User}@{Address}";

    /// <summary>The options for a new connection. <c>--</c> and the destination come after whatever is added.</summary>
    internal List<string> Options(SshManner manner)
    {
        List<string> words = ["-F", "none"];
        if (manner.Password?.Host == Login.Host) AddPassword();
        else Add("BatchMode=yes");
        Add("StrictHostKeyChecking=yes");
        Add($"UserKnownHostsFile={Quoted(Files.KnownHosts)}");
        Add("GlobalKnownHostsFile=none");
        Add($"HostKeyAlias={Login.KnownAs}");
        Add("UpdateHostKeys=no");
        Add("HashKnownHosts=no");
        Add(string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)manner.ConnectTimeout.TotalSeconds)}"));
        // A host that lost its power says nothing.
        Add("ServerAliveInterval=15");
        Add("ServerAliveCountMax=3");
        Add("ForwardAgent=no");
        Add("ForwardX11=no");
        Add("ClearAllForwardings=yes");
        Add("PermitLocalCommand=no");
        // What is left are the reasons of failures, without the host's greeting.
        Add("LogLevel=ERROR");
        if (Proxy is not null) Add($"ProxyCommand={Proxy}");
        if (Files.Key is not null)
        {
            Add("IdentitiesOnly=yes");
            words.AddRange(["-i", Escaped(Files.Key)]);
        }

        words.AddRange(["-p", Login.Port.ToString(CultureInfo.InvariantCulture)]);
        return words;

        void Add(string option) => words.AddRange(["-o", option]);

        void AddPassword()
        {
            Add("BatchMode=no");
            Add("PubkeyAuthentication=no");
            Add("PreferredAuthentications=password,keyboard-interactive");
            Add("NumberOfPasswordPrompts=1");
        }
    }

    /// <summary>The options that make a connection which others share, and which stays when the program that made it ends.</summary>
    internal IReadOnlyList<string> Master(SshManner manner, string socket) =>
    [
        .. Options(manner), "-M", "-N", "-S", Escaped(socket), "-o", string.Create(CultureInfo.InvariantCulture, $"ControlPersist={Math.Max(1, (int)manner.Idle.TotalSeconds)}"), "--", Destination,
    ];

    /// <summary>The options of a connection for one command alone.</summary>
    internal IReadOnlyList<string> Alone(SshManner manner, string line) => [.. Options(manner), "-S", "none", "-T", "--", Destination, line];

    /// <summary>The options of a connection of its own that leads on to another host. What it cannot reach it says only when it may say more.</summary>
    internal IReadOnlyList<string> Onward(SshManner manner, string place)
    {
        var words = Options(manner);
        words[words.IndexOf("LogLevel=ERROR")] = "LogLevel=INFO";
        return [.. words, "-S", "none", "-W", place, "--", Destination];
    }

    /// <summary>The options that ask for the host's key and log nobody in.</summary>
    internal IReadOnlyList<string> Scan(SshManner manner)
    {
        // Who shows an unknown key is not told a password.
        var words = Options(manner with { Password = null });
        words[words.IndexOf("StrictHostKeyChecking=yes")] = "StrictHostKeyChecking=accept-new";
        return [.. words, "-o", "PreferredAuthentications=none", "-S", "none", "-T", "--", Destination];
    }

    /// <summary>The options of a command over a connection that is there. Without it they lead nowhere.</summary>
    // A shell of its own says so before its output closes: ssh waits for that, and for nothing else.
    internal static IReadOnlyList<string> Over(string socket, params IReadOnlyList<string> rest) =>
        ["-F", "none", "-S", Escaped(socket), "-o", "ControlMaster=no", "-o", $"ProxyCommand=sh -c \"echo {SshEnding.NoMasterWord} >&2\"", "-o", "LogLevel=ERROR", "-T", .. rest];

    public void Dispose()
    {
        Files.Dispose();
        Through?.Dispose();
    }

    /// <summary>Where a jump host shall connect to.</summary>
    internal static string Forward(IPAddress address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString())}:{port}");

    /// <summary>Words as a proxy command: ssh reads its own marks in it, then a shell its words.</summary>
    internal static string ProxyOf(IReadOnlyList<string> words) => Escaped(OperatingSystem.IsWindows() ? string.Join(' ', words.Select(static w => $"\"{w}\"")) : ShellWords.Quote(words));

    // ssh replaces %h and its like in paths and commands.
    private static string Escaped(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    // The value of this option is a list of words to ssh.
    private static string Quoted(string path) => $"\"{Escaped(path)}\"";
}
