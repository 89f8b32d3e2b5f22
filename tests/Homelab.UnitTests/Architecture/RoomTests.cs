using System.Text.RegularExpressions;
using System.Xml.Linq;
using Homelab.Tests;

namespace Homelab.UnitTests.Architecture;

/// <summary>Who may know whom: the table of rooms, as a test.</summary>
public sealed partial class RoomTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new(StringComparer.Ordinal)
    {
        ["Homelab.Core"] = [],
        ["Homelab.Configuration"] = ["Homelab.Core"],
        ["Homelab.State"] = ["Homelab.Core"],
        ["Homelab.Providers"] = ["Homelab.Core"],
        ["Homelab.Automation"] = ["Homelab.Core"],
        ["Homelab.Inventory"] = ["Homelab.Core"],
        ["Homelab.Composition"] = ["Homelab.Core", "Homelab.Configuration", "Homelab.State", "Homelab.Providers", "Homelab.Automation", "Homelab.Inventory"],
        ["Homelab.Lab"] = ["Homelab.Core"],
        ["Homelab.Host"] = ["Homelab.Composition", "Homelab.Lab"],
        ["Homelab.PowerShell"] = ["Homelab.Composition", "Homelab.Providers"],
        ["Homelab.PowerShell.Loader"] = [],
        ["Homelab.Generators"] = [],
    };

    // Which packages and frameworks may be named where; what is not listed may be named nowhere.
    private static readonly Dictionary<string, string[]> s_mayUse = new(StringComparer.Ordinal)
    {
        ["YamlDotNet"] = ["Homelab.Configuration"],
        ["Microsoft.Data.Sqlite.Core"] = ["Homelab.State"],
        ["Npgsql"] = ["Homelab.State"],
        ["SQLitePCLRaw.bundle_e_sqlite3"] = ["Homelab.State"],
        ["Microsoft.AspNetCore.App"] = ["Homelab.Lab", "Homelab.Host"],
        ["Spectre.Console"] = ["Homelab.Host"],
        ["System.CommandLine"] = ["Homelab.Host"],
        // The server's half in the host, the client's in one provider.
        ["ModelContextProtocol.Core"] = ["Homelab.Host", "Homelab.Providers"],
        ["PowerShellStandard.Library"] = ["Homelab.PowerShell"],
        ["Microsoft.CodeAnalysis.CSharp"] = ["Homelab.Generators"],
    };

    public static TheoryData<string> Rooms => [.. Repository.Files("src", "*.csproj").Select(f => Path.GetFileNameWithoutExtension(f))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_it_may_know(string room)
    {
        Assert.True(s_mayReference.ContainsKey(room), $"{room} is not in the plan of rooms.");
        var references = Items(room, "ProjectReference").Select(Path.GetFileNameWithoutExtension);
        Assert.Empty(references.Except(s_mayReference[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_packages_it_may_use(string room)
    {
        foreach (var package in Items(room, "PackageReference").Concat(Items(room, "FrameworkReference")))
        {
            Assert.True(s_mayUse.TryGetValue(package, out var rooms) && rooms.Contains(room), $"{room} may not use {package}.");
        }
    }

    [Fact]
    public void Only_the_host_is_a_web_project()
    {
        var web = Repository.Files("src", "*.csproj").Where(f => File.ReadAllText(f).Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Homelab.Host"], web);
    }

    [Fact]
    public void Provider_folders_never_name_one_another()
    {
        var room = Path.Combine(Repository.Root, "src", "Homelab.Providers");
        var systems = Directory.GetDirectories(room).Select(d => Path.GetFileName(d)!).Where(d => d is not ("bin" or "obj")).ToArray();
        Assert.True(systems.Length > 1);
        var wrong =
            from system in systems
            from file in Repository.Files($"src/Homelab.Providers/{system}", "*.cs")
            let text = File.ReadAllText(file)
            from other in systems
            where other != system && Regex.IsMatch(text, $@"\bProviders\.{other}\b", RegexOptions.None, TimeSpan.FromMinutes(1))
            select $"{file} names {other}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_source_file_lies_in_the_folder_of_its_namespace()
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var match = NamespacePattern().Match(File.ReadAllText(file));
            if (!match.Success) continue;
            var room = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file).Split(Path.DirectorySeparatorChar)[0];
            // Core is the root namespace: its types are what people write in scripts, [Homelab.Container].
            var root = room == "Homelab.Core" ? "Homelab" : room;
            if (match.Groups["name"].Value != root && !match.Groups["name"].Value.StartsWith(root + ".", StringComparison.Ordinal)) wrong.Add(file);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_is_called_utils_helper_manager_or_common()
    {
        var names = Repository.Files("src", "*.cs").Select(Path.GetFileNameWithoutExtension);
        Assert.DoesNotContain(names, n => VagueName().IsMatch(n!));
    }

    [Fact]
    public void PowerShell_itself_is_never_among_what_is_built()
    {
        var built = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.dll", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.Contains("Homelab.PowerShell.dll", built);
        Assert.DoesNotContain("System.Management.Automation.dll", built);
    }

    private static IEnumerable<string> Items(string room, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj")).Descendants(kind)
            // What is only built before, or run by the compiler, is not known to the room's code.
            .Where(e => (string?)e.Attribute("ReferenceOutputAssembly") != "false")
            .Select(e => (string)e.Attribute("Include")!);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Common)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex VagueName();
}
