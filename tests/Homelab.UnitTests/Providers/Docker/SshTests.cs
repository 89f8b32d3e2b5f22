using System.Diagnostics;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class SshTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-ssh-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_the_accounts_own_set_up_is_used_and_the_hosts_key_is_pinned()
    {
        var endpoint = Endpoint(new SshDefinition { User = "automation", Port = 2222, HostKey = "ssh-ed25519 AAAA", Key = SecretReference.Parse("env:KEY", provider: null) });
        using var files = await SshFiles.PrepareAsync(endpoint, _folder, new Secrets(), Cancel);

        var arguments = new SshTransport(endpoint, _folder, new Secrets()).StartInfo(files).ArgumentList;

        var line = string.Join(' ', arguments);
        Assert.StartsWith("-F none -T -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=", line, StringComparison.Ordinal);
        Assert.EndsWith($"-o IdentitiesOnly=yes -i {files.Key} -p 2222 -- automation@100.64.0.1 docker system dial-stdio", line, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", line, StringComparison.Ordinal);
        Assert.Equal("[100.64.0.1]:2222 ssh-ed25519 AAAA\n", await File.ReadAllTextAsync(files.KnownHosts, Cancel));
        Assert.Equal("PRIVATE KEY\n", await File.ReadAllTextAsync(files.Key!, Cancel));
    }

    [Fact]
    public async Task Files_that_were_written_are_for_us_only_and_do_not_stay()
    {
        var endpoint = Endpoint(new SshDefinition { User = "automation", HostKey = "ssh-ed25519 AAAA", Key = SecretReference.Parse("env:KEY", provider: null) });
        var files = await SshFiles.PrepareAsync(endpoint, _folder, new Secrets(), Cancel);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files.Key!));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files.KnownHosts));
        }

        files.Dispose();

        Assert.False(File.Exists(files.Key));
        Assert.False(Directory.Exists(Path.GetDirectoryName(files.Key)));
    }

    [Fact]
    public async Task Without_a_pin_our_own_file_of_known_hosts_is_used()
    {
        using var files = await SshFiles.PrepareAsync(Endpoint(new SshDefinition { User = "automation" }), _folder, new Secrets(), Cancel);

        Assert.Equal(Path.Combine(_folder, "known_hosts"), files.KnownHosts);
        Assert.Null(files.Key);
    }

    [Theory]
    [InlineData("No ED25519 host key is known for dev\\nHost key verification failed.", "HostKeyNotTrusted", ErrorKind.Denied)]
    [InlineData("automation@dev: Permission denied (publickey).", "DockerDenied", ErrorKind.Denied)]
    [InlineData("ssh: connect to host dev port 22: Connection refused", "DockerUnreachable", ErrorKind.Unavailable)]
    [InlineData("warning\\nsh: docker: not found", "DockerUnreachable", ErrorKind.Unavailable)]
    [InlineData("permission denied while trying to connect to the Docker daemon socket", "DockerDenied", ErrorKind.Denied)]
    public async Task What_ssh_says_last_is_the_error_and_nothing_happened(string said, string id, ErrorKind kind)
    {
        using var client = ClientOf($"printf '{said}\\n' >&2; exit 255");

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.RestartAsync("x", null, TimeSpan.FromSeconds(10), Cancel));

        Assert.Equal((kind, id, true), (e.Kind, e.Id, e.NothingHappened));
        if (id == "DockerUnreachable") Assert.Contains(said[(said.IndexOf("\\n", StringComparison.Ordinal) + 1)..].TrimStart('n'), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var endpoint = Endpoint(new SshDefinition { User = "automation" });
        using var client = new DockerClient(new SshTransport(endpoint, _folder, new Secrets()) { Program = "no-such-ssh" }, TimeProvider.System, _ => { });

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.System.PingAsync(Cancel));

        Assert.Contains("'no-such-ssh' cannot be started", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_its_connection()
    {
        var pid = Path.Combine(_folder, "pid");
        var client = ClientOf($"echo $$ > {pid}; printf 'HTTP/1.1 200 OK\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nApi-Version: 1.51\\r\\nContent-Length: 2\\r\\n\\r\\nOK'; exec sleep 600");
        await client.System.PingAsync(Cancel);
        using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pid, Cancel)));
        Assert.False(process.HasExited);

        client.Dispose();

        await process.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A script in the place of ssh: it stands for what ssh and the far end do.
    private DockerClient ClientOf(string script)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The stand-in for ssh is a shell script.");
        var path = Path.Combine(_folder, "ssh.sh");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new DockerClient(new SshTransport(Endpoint(new SshDefinition { User = "automation" }), _folder, new Secrets()) { Program = path }, TimeProvider.System, _ => { });
    }

    private static SshEndpoint Endpoint(SshDefinition login) => new("dev", "100.64.0.1", login);

    private sealed class Secrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret("PRIVATE KEY"));
    }
}
