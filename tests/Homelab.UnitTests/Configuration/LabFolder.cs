using System.ComponentModel;
using System.Text;
using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

/// <summary>A folder of configuration files for one test.</summary>
internal sealed class LabFolder : IDisposable
{
    public const string Head = "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: test }\n";

    /// <summary>Stands in a text where a problem is expected.</summary>
    public const char Mark = '§';

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public string Root { get; } = Directory.CreateTempSubdirectory("homelab-config-").FullName;

    public static IReadOnlyDictionary<string, Type> Providers { get; } = new Dictionary<string, Type>(StringComparer.Ordinal) { ["kuma"] = typeof(KumaSample), ["proxmox"] = typeof(ProxmoxSample) };

    /// <summary>The problems of a lab file that holds these sections below the usual head.</summary>
    public static IReadOnlyList<ConfigurationProblem> ProblemsOf(string sections)
    {
        using var folder = new LabFolder();
        folder.Write("lab.yaml", Head + sections);
        return folder.Problems();
    }

    /// <summary>Reads a lab file that holds these sections below the usual head.</summary>
    public static LabFile Parse(string sections)
    {
        using var folder = new LabFolder();
        folder.Write("lab.yaml", Head + sections);
        return folder.Read();
    }

    /// <summary>Line and column of the mark, and the text without it.</summary>
    public static (string Text, int Line, int Column) Unmark(string text)
    {
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        var line = text[..at].Count(static c => c == '\n') + 1;
        return (text.Remove(at, 1), line, at - text.LastIndexOf('\n', at));
    }

    public LabFolder Set(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public LabFolder Write(string name, string text)
    {
        var path = Path.Join(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Not strict: a fuzzed text may end in half a character.
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return this;
    }

    public LabReader Reader() => new(Providers, _environment.GetValueOrDefault);

    public LabFile Read(string name = "lab.yaml") => Reader().Read(Path.Join(Root, name));

    public IReadOnlyList<ConfigurationProblem> Problems(string name = "lab.yaml") => Assert.Throws<ConfigurationException>(() => Read(name)).Problems;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>Settings as a provider would write them.</summary>
internal sealed record KumaSample
{
    [Description("Its address.")]
    public required Uri Url { get; init; }

    [Description("An API key: env:UPTIME_KUMA_API_KEY.")]
    public SecretReference? ApiKey { get; init; }

    [Description("How its certificate is verified.")]
    public TlsDefinition? Tls { get; init; }
}

/// <summary>Settings with every form of value.</summary>
internal sealed record ProxmoxSample
{
    [Description("Its address.")]
    public required Uri Url { get; init; }

    [Description("A token.")]
    public SecretReference? Token { get; init; }

    [Description("The token's id.")]
    public string? TokenId { get; init; }

    [Description("The token's secret.")]
    public SecretReference? TokenSecret { get; init; }

    [Description("How its certificate is verified.")]
    public TlsDefinition? Tls { get; init; }

    [System.ComponentModel.DataAnnotations.Range(0.5, 2)]
    [Description("A factor.")]
    public double Factor { get; init; } = 1;

    [Description("Whether it is asked at all.")]
    public bool Enabled { get; init; } = true;

    [Description("Since when it is there.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Its id.")]
    public Guid? Id { get; init; }
}
