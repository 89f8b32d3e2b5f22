using FsCheck;
using FsCheck.Fluent;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

public sealed class LabDraftTests : IDisposable
{
    private const int Runs = 1_000;

    // Texts that mean something to YAML, to terminals or to us.
    private static readonly string[] s_fragments =
    [
        "\n", "\r\n", "\t", " ", ": ", " #", "#", "- ", "{", "}", "[", "]", ",", "\"", "'", "|", ">", "&a", "*a", "!!int ", "<<: ", "---", "...", "? ", "%", "@", "`", "\\", "\\n", "\0", "\u0007", "\u001b[2J",
        "\u0085", "\u2028", "\uFEFF", "\u202E", "\u200B", "é", "中", "😀", "~", "null", "true", "yes", "1", "0x1F", "1e400", "-1", "a", "web", "10.0.0.1", "::1", "env:X", "\nservices: {}", "..", "/",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("hl-draft-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LabDraft Sample { get; } = new()
    {
        Name = "home",
        Hosts =
        [
            new DraftHost { Name = "nas", Address = "100.64.0.2", Role = "Storage: disks & backups", SshUser = "automation", SshKey = SecretReference.Parse("file:keys/nas", null), Docker = "ssh" },
            new DraftHost { Name = "here", Address = "fd7a:115c:a1e0::1", Docker = "unix:///var/run/docker.sock" },
            new DraftHost { Name = "pc", Docker = "npipe:////./pipe/docker_engine" },
            new DraftHost { Name = "on" },
        ],
        Kuma = new DraftKuma(new Uri("http://100.64.0.2:3001"), SecretReference.Parse("env:UPTIME_KUMA_API_KEY", null)),
        Telegram = new DraftTelegram(SecretReference.Parse("vault:bot token", null), SecretReference.Parse("env:CHAT", null)),
        HookToken = SecretReference.Parse("env:HOOK_TOKEN", null),
        Services =
        [
            new DraftService { Name = "gitea", Container = new ContainerRef("gitea@nas"), Monitor = "Gitea (web)", Http = new Uri("http://100.64.0.2:3000/api/v1/version?a=b#c") },
            new DraftService { Name = "null" },
        ],
        Protected = ["traefik@here", "*@nas"],
    };

    private string LabPath => Path.Combine(_folder, "home", "homelab.yaml");

    [Fact]
    public async Task A_first_lab_is_written_and_read_again_as_it_was_meant()
    {
        var file = await WriteAsync(Sample);

        Assert.Empty(file.Warnings);
        var lab = file.Lab;
        Assert.Equal("home", lab.Name);
        Assert.Equal(Sample.Hosts.Select(static h => (h.Name, h.Address, h.Role, h.Docker, h.SshUser, h.SshKey)), lab.Hosts.Select(static h => (h.Key, h.Value.Address, h.Value.Role, h.Value.Docker?.Url, h.Value.Ssh?.User, h.Value.Ssh?.Key)));
        var kuma = Assert.IsType<Homelab.Providers.UptimeKuma.UptimeKumaSettings>(lab.Providers["kuma"]);
        Assert.Equal((Sample.Kuma!.Url, Sample.Kuma.ApiKey), (kuma.Url, kuma.ApiKey));
        Assert.Equal((Sample.Telegram!.Token, Sample.Telegram.Chat), (lab.Notify.Telegram!.Token, lab.Notify.Telegram.Chat));
        Assert.Equal(Sample.HookToken, lab.Hooks["uptime-alert"].Token);
        Assert.Equal(Sample.Services.Select(static s => (s.Name, s.Container, s.Monitor, s.Http)), lab.Services.Select(static s => (s.Key, s.Value.Container, s.Value.Monitor, s.Value.Check?.Http)));
        Assert.Equal(Sample.Protected, lab.Policy.Protected);
        Assert.Equal(["homelab.yaml"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(LabPath)!).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LabPath));
    }

    [Fact]
    public void The_text_is_what_a_person_would_write()
    {
        var lines = LabDraftText.Of(Sample).Split('\n');
        Assert.Contains("    ssh: { user: automation, key: \"file:keys/nas\" }", lines);
        Assert.Contains("    address: 100.64.0.2", lines);
        Assert.Contains("    container: gitea@nas", lines);
        Assert.Contains("  \"on\": {}", lines);
        Assert.Contains("  protected: [ traefik@here, \"*@nas\" ]", lines);
        Assert.All(lines, static l => Assert.True(l.Length <= 150 && l == l.TrimEnd()));
        Assert.Contains("  protected: []\n", LabDraftText.Of(new LabDraft { Name = "a" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_text_holds_it_is_read_again_as_it_was_or_refused() => Check(
        Texts(),
        text => (Sample with { Hosts = [Sample.Hosts[0] with { Role = text, SshUser = text }], Services = [new DraftService { Name = "a", Monitor = text }], Protected = [text] }),
        static (text, lab) => lab.Hosts.Single().Value is { } host
            && host.Role == text
            && host.Ssh!.User == (text.Length == 0 ? "" : text)
            && (lab.Services.Single().Value.Monitor ?? "") == text
            && lab.Policy.Protected.Single() == text);

    [Fact]
    public void Whatever_a_name_or_address_holds_it_makes_no_other_key() => Check(
        Texts(),
        text => new LabDraft { Name = "home", Hosts = [new DraftHost { Name = text, Address = text }], Services = [new DraftService { Name = text }] },
        static (text, lab) => lab.Hosts.Single().Key == text && lab.Hosts.Single().Value.Address == text && lab.Services.Single().Key == text && lab.Services.Single().Value.Container is null);

    [Fact]
    public async Task Half_a_character_is_refused() =>
        await Assert.ThrowsAsync<ConfigurationException>(() => WriteAsync(new LabDraft { Name = "home", Hosts = [new DraftHost { Name = "a", Role = "half \uD800" }] }));

    [Fact]
    public async Task What_makes_no_lab_is_refused_with_its_place_and_replaces_nothing()
    {
        await WriteAsync(Sample);
        var before = await File.ReadAllTextAsync(LabPath, Cancel);

        var e = await Assert.ThrowsAsync<ConfigurationException>(() => WriteAsync(new LabDraft { Name = "home", Hosts = [new DraftHost { Name = "a b" }], Services = [new DraftService { Name = "x", Container = new ContainerRef("x@nowhere") }] }, overwrite: true));

        Assert.Equal(["hosts.a b", "services.x.container"], e.Problems.Select(static p => p.Path));
        Assert.All(e.Problems, p => Assert.Equal(LabPath, p.Position.File));
        Assert.Equal(before, await File.ReadAllTextAsync(LabPath, Cancel));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(LabPath)!));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_that_is_said()
    {
        await WriteAsync(Sample);

        var e = await Assert.ThrowsAsync<HomelabException>(() => WriteAsync(new LabDraft { Name = "other" }));

        Assert.Equal((ErrorKind.Conflict, "LabFileExists", LabPath), (e.Kind, e.Id, e.Target));
        Assert.Equal("home", new LabReader(ProviderList.Settings, static _ => null).Read(LabPath).Lab.Name);
        Assert.Equal("other", (await WriteAsync(new LabDraft { Name = "other" }, overwrite: true)).Lab.Name);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_an_error_of_ours()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "home"), "a file, not a folder", Cancel);
        var e = await Assert.ThrowsAsync<HomelabException>(() => WriteAsync(Sample));
        Assert.Equal((ErrorKind.Failed, "LabFileNotWritable"), (e.Kind, e.Id));
        Directory.CreateDirectory(Path.Combine(_folder, "taken.yaml"));
        e = await Assert.ThrowsAsync<HomelabException>(() => LabDraftFile.WriteAsync(Sample, Path.Combine(_folder, "taken.yaml"), overwrite: true, ProviderList.Settings, Cancel));
        Assert.Equal("LabFileNotWritable", e.Id);
    }

    [Fact]
    public void A_found_container_becomes_a_service_of_its_name()
    {
        var container = new Container { Name = "gitea", Host = "dev", Id = "a", Image = "i", State = ContainerState.Running, Health = ContainerHealth.None };
        var service = DraftService.Of(container);
        Assert.Equal(("gitea", "gitea@dev"), (service.Name, service.Container!.ToString()));
        Assert.Equal(63, DraftService.Of(container with { Name = new string('a', 200) }).Name.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Gen<string> Texts() => Gen.Elements(s_fragments).ArrayOf().Select(string.Concat);

    private void Check(Gen<string> texts, Func<string, LabDraft> draft, Func<string, LabDefinition, bool> isMeant)
    {
        var path = Path.Combine(_folder, "lab.yaml");
        var reader = new LabReader(ProviderList.Settings, static _ => null);
        var read = 0;
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            File.WriteAllText(path, LabDraftText.Of(draft(text)));
            try
            {
                Assert.True(isMeant(text, reader.Read(path).Lab), $"'{text}' became something else.");
                read++;
            }
            catch (ConfigurationException e)
            {
                // Refused for what it is, not because the text fell apart: nothing is told of keys that nobody wrote.
                Assert.DoesNotContain(e.Problems, static p => p.Reason.Contains("not known", StringComparison.Ordinal) || p.Path == "(file)");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
        Assert.True(read > 0, "No text was read at all.");
    }

    private Task<LabFile> WriteAsync(LabDraft draft, bool overwrite = false) => LabDraftFile.WriteAsync(draft, LabPath, overwrite, ProviderList.Settings, Cancel);
}
