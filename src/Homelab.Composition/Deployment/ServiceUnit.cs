namespace Homelab.Composition.Deployment;

/// <summary>A systemd unit for <c>homelab serve</c>: the text of <c>deploy/homelab.service</c>, with the paths of one machine.</summary>
/// <remarks>Comments, hardening and tempo have one source, the shipped unit; only the lines that name something of the machine are replaced.</remarks>
public sealed record ServiceUnit
{
    /// <summary>The unit's name; credentials lie in <c>/run/credentials/</c> under it.</summary>
    public const string Name = "homelab.service";

    /// <summary>The program: <c>homelab</c> itself, or <c>dotnet</c>. An absolute path.</summary>
    public string Program { get; init; } = "/opt/homelab/homelab";

    /// <summary>What stands before <c>serve</c>: for <c>dotnet</c> the path of <c>homelab.dll</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The lab file. Variables for its <c>env:</c> references may stand beside it in <c>homelab.env</c>.</summary>
    public string LabFile { get; init; } = "/etc/homelab/homelab.yaml";

    /// <summary>The folder of the state, below <c>/var/lib</c>: systemd makes it, for the account alone.</summary>
    public string StateFolder { get; init; } = "/var/lib/homelab";

    /// <summary>The account that it runs as. It must exist.</summary>
    public string User { get; init; } = "homelab";

    /// <summary>True for access to the Docker socket of this machine, which is as good as root.</summary>
    public bool UsesDockerGroup { get; init; }

    /// <summary>Files with secrets, by the name under which the lab file's <c>file:</c> references find them.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The unit's text.</summary>
    /// <exception cref="HomelabException"><c>ServiceUnitInvalid</c> (Invalid): a value that systemd would read differently, or that the service could not reach.</exception>
    public string Render()
    {
        ReachablePath(nameof(Program), UnitText.Program(nameof(Program), Program));
        ReachablePath(nameof(LabFile), LabFile);
        var state = UnitText.StateDirectory(nameof(StateFolder), StateFolder);
        var environment = LabFile[..(LabFile.LastIndexOf('/') + 1)] + "homelab.env";
        var lines = new UnitTemplate();
        lines.Replace("User=", $"User={UnitText.User(nameof(User), User)}");
        lines.Replace("ExecStart=", $"ExecStart=:{string.Join(' ', Words().Select(UnitText.Word))}");
        lines.Replace("StateDirectory=", $"StateDirectory={state}");
        lines.Replace("Environment=HOMELAB_STATE=", $"Environment=HOMELAB_STATE=/var/lib/{state}/homelab.db");
        lines.Replace("EnvironmentFile=", $"EnvironmentFile=-{UnitText.Specifiers(environment)}");
        if (UsesDockerGroup) lines.Replace("#SupplementaryGroups=", "SupplementaryGroups=docker");
        if (Secrets.Count > 0) lines.Replace("#LoadCredential=", [.. Secrets.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(Credential)]);
        return lines.ToString();
    }

    private IEnumerable<string> Words()
    {
        foreach (var argument in Arguments)
        {
            UnitText.Printable(nameof(Arguments), argument);
            // A path among them is the program's too: homelab.dll.
            if (argument.StartsWith('/')) ReachablePath(nameof(Arguments), argument);
        }

        return [Program, .. Arguments, "serve", "--lab", LabFile];
    }

    private static string Credential(KeyValuePair<string, string> secret) =>
        $"LoadCredential={UnitText.CredentialName(nameof(Secrets), secret.Key)}:{UnitText.Specifiers(UnitText.Path(nameof(Secrets), secret.Value))}";

    private static void ReachablePath(string field, string path)
    {
        UnitText.Path(field, path);
        // What ProtectHome and PrivateTmp hide: the service would fail with nothing but "no such file".
        string[] hidden = ["/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"];
        if (hidden.FirstOrDefault(h => path.StartsWith(h, StringComparison.Ordinal)) is { } folder)
        {
            throw UnitText.Invalid(field, path, $"lies below {folder}, which the service does not see", "Put it where every account can read it, such as /opt/homelab and /etc/homelab (a module: install it with -Scope AllUsers)");
        }
    }
}
