using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Homelab.Composition.Clients;

/// <summary>The skills as they are shipped, filled in for one lab: what its tools are, what each needs from a person, and which hosts and services there are.</summary>
/// <remarks>
/// The form is that of agentskills.io: a folder with a SKILL.md, whose front matter has a name and a description. <c>metadata.openclaw</c> is that of docs.openclaw.ai/tools/skills.
/// The templates lie beside this file, one for each skill; tables of tools are made from the catalog, so that no level and no verdict is written down twice.
/// </remarks>
public sealed partial class SkillBook
{
    private const string Folder = "skills/";
    private const string Fence = "---\n";

    // Quotation marks and line breaks are YAML's as they are JSON's; everything else may stand as it is.
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OperationCatalog _catalog;
    private readonly Decider _decider;
    private readonly SkillTables _tables;
    private readonly string _lab;

    /// <param name="lab">The lab.</param>
    /// <param name="catalog">What there is.</param>
    /// <param name="decider">Tells what each call of a client meets at the least: the gate's own.</param>
    /// <param name="showsAddresses">True to name addresses of hosts and services.</param>
    public SkillBook(LabDefinition lab, OperationCatalog catalog, Decider decider, bool showsAddresses)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(decider);
        _catalog = catalog;
        _decider = decider;
        _tables = new SkillTables(lab, showsAddresses);
        _lab = ForeignText.Clean(lab.Name, 60);
    }

    /// <summary>The names of the skills.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(SkillBook).Assembly.GetManifestResourceNames()
            .Where(static n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static n => Path.GetFileNameWithoutExtension(n[Folder.Length..]))
            .Where(static n => !n.StartsWith('_'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a skill, without its seal.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="client">Who reads it.</param>
    /// <param name="server">What the client calls the MCP server.</param>
    /// <param name="identity">As whom the client comes in.</param>
    public string Write(string name, SkillClient client, string server, string identity)
    {
        var caller = new Caller(Face.Mcp, identity);
        var (description, body) = Split(Template(name));
        var text = new StringBuilder(Fence);
        text.Append("name: ").Append(name).Append('\n');
        text.Append("description: ").Append(JsonSerializer.Serialize(Fill(description), s_plain)).Append('\n');
        if (client is SkillClient.OpenClaw)
        {
            var needs = new { openclaw = new { requires = new { config = new[] { $"mcp.servers.{server}" } } } };
            text.Append("metadata: ").Append(JsonSerializer.Serialize(needs)).Append('\n');
        }

        text.Append(Fence).Append('\n').Append(Fill(body.Replace("{{rules}}", Template("_rules"), StringComparison.Ordinal)));
        return text.ToString().TrimEnd('\n') + "\n";

        string Fill(string template) => PlacePattern().Replace(template, place => place.Groups["kind"].Value switch
        {
            "lab" => _lab,
            "server" => server,
            "level" => HomelabNames.Of(_decider.Access.Identities.TryGetValue(caller.ToString(), out var own) ? own : _decider.Access.Mcp),
            "tools" => Tools(place.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), caller),
            "hosts" => _tables.Hosts(),
            "services" => _tables.Services(),
            "containers" => _tables.Containers(),
            "guests" => _tables.Guests(),
            "monitors" => _tables.Monitors(),
            "hooks" => _tables.Hooks(),
            _ => throw new InvalidOperationException($"The template of {name} names '{place.Value}', which nothing is known of."),
        });
    }

    private string Tools(IEnumerable<string> names, Caller caller)
    {
        var table = new StringBuilder("| tool | what it does | level | for you |\n|---|---|---|---|");
        foreach (var name in names)
        {
            var operation = _catalog.Find(name).Descriptor;
            table.Append($"\n| `{operation.Name}` | {SkillTables.Cell(operation.Summary)} | {(int)operation.Level} {HomelabNames.Of(operation.Level)} | {ForCaller(operation, caller)} |");
        }

        return table.ToString();
    }

    private string ForCaller(OperationDescriptor operation, Caller caller) => _decider.Foresee(operation, caller).Verdict switch
    {
        Requirement.Auto => "free",
        Requirement.Ask when operation.IsChange => "a person is asked",
        Requirement.AskTwice when operation.IsChange => "two confirmations of people",
        _ => "not offered",
    };

    private static (string Description, string Body) Split(string template)
    {
        var parts = template.Split(Fence, 3);
        return (parts[1].Trim()["description: ".Length..], parts[2]);
    }

    private static string Template(string name)
    {
        using var stream = typeof(SkillBook).Assembly.GetManifestResourceStream($"{Folder}{name}.md")
            ?? throw new HomelabException(ErrorKind.NotFound, "SkillNotFound", $"There is no skill '{ForeignText.Clean(name, 60)}'. There are {string.Join(", ", Names)}.", name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(?<kind>[a-z]+)(: (?<names>[a-z0-9_ ]+))?\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlacePattern();
}
