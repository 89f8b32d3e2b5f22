namespace Homelab.Providers.Ssh;

/// <summary>Tells from what a program says whether it was turned away before it did anything.</summary>
internal static class RefusalText
{
    // systemctl by polkit, sudo, and the kernel.
    private static readonly string[] s_denied = ["interactive authentication required", "access denied", "permission denied", "operation not permitted", "a password is required", "not in the sudoers", "not allowed to execute", "must be superuser", "must be root"];

    internal static bool IsDenied(RemoteResult result) => s_denied.Any(d => result.Error.Contains(d, StringComparison.OrdinalIgnoreCase));

    internal static string WayOut(string host, IReadOnlyList<string> words) =>
        $"Let the account of hosts.{host}.ssh.user run '{CommandLine.Show(words)}' by sudo without a password there, and set hosts.{host}.ssh.sudo: true.";
}
