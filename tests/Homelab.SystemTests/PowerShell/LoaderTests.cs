namespace Homelab.SystemTests.PowerShell;

/// <summary>The module in a real PowerShell, beside another that brings other versions of the same libraries along.</summary>
public sealed class LoaderTests : IDisposable
{
    private const string ParseYaml = "(ConvertFrom-ClashingYaml 'answer: 42').ForEach({ \"$($_.Key)=$($_.Value) by YamlDotNet $($_.Yaml), SQLitePCLRaw.core $($_.Sqlite)\" })";

    // Reads YAML, and opens the state by SQLite.
    private const string UseOurs = "\"lab $((Get-HlLab).Name), state $((Test-HlAudit).Intact)\"";

    private const string ListAssemblies = """
        [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object {
            "$($_.GetName().Name) $($_.GetName().Version.ToString(2)) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)"
        }
        """;

    private const string CountCommands = "(Get-Command -Module Homelab.PowerShell).Count";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-loader-");
    private readonly string _lab;

    public LoaderTests()
    {
        _lab = Path.Combine(_folder.FullName, "homelab.yaml");
        File.WriteAllText(_lab, "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: probe }\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_module_with_other_versions_of_our_libraries_works_beside_ours_in_either_order(bool oursFirst)
    {
        var clashing = PwshProcess.ImportOf("ClashingModule/ClashingModule.dll");
        string[] script = oursFirst ? [PwshProcess.Import, UseOurs, clashing, ParseYaml] : [clashing, ParseYaml, PwshProcess.Import, UseOurs];
        var lines = await PwshProcess.RunAsync(_lab, string.Join("; ", [.. script, ParseYaml, UseOurs, ListAssemblies]));
        Assert.Equal(2, lines.Count(l => l == "answer=42 by YamlDotNet 13.0.0.0, SQLitePCLRaw.core 1.1.14.0"));
        Assert.Equal(2, lines.Count(l => l == "lab probe, state True"));
        Assert.Equal(["YamlDotNet 13.0 in Default", "YamlDotNet 16.0 in Homelab.PowerShell"], lines.Where(l => l.StartsWith("YamlDotNet ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["SQLitePCLRaw.core 1.1 in Default", "SQLitePCLRaw.core 2.0 in Homelab.PowerShell"], lines.Where(l => l.StartsWith("SQLitePCLRaw.core ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_of_ours_but_the_loader_is_seen_by_other_modules()
    {
        var lines = await PwshProcess.RunAsync(_lab, $"{PwshProcess.Import}; {UseOurs}; {ListAssemblies}");
        var shipped = Directory.EnumerateFiles(Path.Combine(PwshProcess.Modules, "Homelab.PowerShell", "bin"), "*.dll").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var ours = lines.Where(l => l.Contains(" in ", StringComparison.Ordinal) && shipped.Contains(l.Split(' ')[0])).ToList();
        Assert.Equal(["Homelab.PowerShell.Loader"], ours.Where(l => !l.EndsWith(" in Homelab.PowerShell", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]));
        Assert.Contains(ours, l => l.StartsWith("Homelab.Core ", StringComparison.Ordinal));
        Assert.Contains(ours, l => l.StartsWith("SQLitePCLRaw.core ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_removed_and_imported_again_and_again()
    {
        const string Remove = "Remove-Module Homelab.PowerShell";
        string[] script =
        [
            PwshProcess.Import, CountCommands, UseOurs,
            PwshProcess.Import, CountCommands, UseOurs,
            Remove, CountCommands,
            PwshProcess.Import, CountCommands, UseOurs,
            PwshProcess.Import + " -Force", CountCommands, UseOurs,
            Remove, PwshProcess.Import, CountCommands, UseOurs,
            "[System.Runtime.Loader.AssemblyLoadContext]::All.Where({ $_.Name -eq 'Homelab.PowerShell' }).Count",
        ];
        var lines = await PwshProcess.RunAsync(_lab, string.Join("; ", script));
        var all = lines[0];
        Assert.NotEqual("0", all);
        const string Used = "lab probe, state True";
        Assert.Equal([all, Used, all, Used, "0", all, Used, all, Used, all, Used, "1"], lines);
    }

    [Fact]
    public async Task Many_runspaces_import_it_at_once()
    {
        const int Many = 8;
        var lines = await PwshProcess.RunAsync(_lab, $$"""
            $shells = 1..{{Many}} | ForEach-Object {
                $shell = [powershell]::Create()
                $null = $shell.AddScript({ {{PwshProcess.Import}}; "$({{CountCommands}}) $((Get-HlLab).Name)" }.ToString())
                [pscustomobject]@{ Shell = $shell; Result = $shell.BeginInvoke() }
            }
            $shells | ForEach-Object { $_.Shell.EndInvoke($_.Result); $_.Shell.Streams.Error }
            {{PwshProcess.Import}}
            "$({{CountCommands}}) probe"
            """);
        Assert.Equal(Many + 1, lines.Count);
        Assert.Equal(lines[^1], Assert.Single(lines.Distinct(StringComparer.Ordinal)));
        Assert.NotEqual("0 probe", lines[0]);
    }
}
