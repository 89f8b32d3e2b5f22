namespace Homelab.Providers.Ssh;

/// <summary>Reads which updates a host knows of, by the tool that its packages are kept with.</summary>
internal static class UpdateReader
{
    // Only what is at hand is read: no tool is let fetch lists, none may wait for a question or for the lock of another.
    internal static HostScript Script { get; } = new("""
        ages() { for f in "$@"; do if [ -e "$f" ]; then date -r "$f" +%s; fi; done; }
        told() { "$@" 2>&1 </dev/null; code=$?; }
        if has apt-get && [ -s /var/lib/dpkg/status ]; then
          s tool; echo apt
          s lists; if ls /var/lib/apt/lists/*Release >/dev/null 2>&1; then ages /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial /var/lib/apt/lists; fi
          s list; told apt-get -s -q -o APT::Get::Show-User-Simulation-Note=false dist-upgrade; s code; echo "$code"
        elif has apk; then
          s tool; echo apk
          s lists; ages /var/cache/apk/APKINDEX.* /etc/apk/cache/APKINDEX.*
          s list; told apk --no-network list --upgradable; s code; echo "$code"
        elif has zypper; then
          s tool; echo zypper
          s lists; for f in /var/cache/zypp/solv/*/solv; do case $f in */@System/*) ;; *) ages "$f" ;; esac; done
          s list; told zypper --non-interactive --no-refresh --xmlout list-updates; s code; echo "$code"
        elif has dnf || has yum; then
          s tool; if has dnf; then tool=dnf; else tool=yum; fi; echo "$tool"
          s lists; ages /var/cache/dnf/*.solv /var/cache/libdnf5/*/solv/*.solv /var/cache/yum/*/*/*/primary_db* /var/cache/yum/*/*/*/gen
          s list; told "$tool" -q -C check-update; s code; echo "$code"
          s security; told "$tool" -q -C --security check-update; s securitycode; echo "$code"
        elif has pacman; then
          s tool; echo pacman
          s lists; ages /var/lib/pacman/sync/*.db
          s list; told pacman -Qu; s code; echo "$code"
        elif has opkg; then
          s tool; echo opkg
          s lists; ages /var/opkg-lists/* /tmp/opkg-lists/*
          s list; told opkg list-upgradable; s code; echo "$code"
        fi
        """)
    {
        // A small machine computes for a while what dist-upgrade would do.
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>The updates, and when the host last fetched its lists.</summary>
    /// <exception cref="HomelabException">
    /// <c>PackageToolNotFound</c> (NotFound); <c>UpdateListsMissing</c> (Failed): nothing was ever fetched; <c>UpdatesNotTold</c> (Failed): the tool itself failed.
    /// </exception>
    internal static (IReadOnlyList<HostUpdate> Updates, DateTimeOffset ListsAt) Read(HostSections sections)
    {
        var host = sections.Host;
        var tool = sections.Line("tool");
        if (tool.Length == 0)
        {
            throw HostErrors.Make(
                ErrorKind.NotFound, "PackageToolNotFound", $"{host} has none of apt, apk, zypper, dnf, yum, pacman and opkg.", $"Look at its updates by hand: its system may be one image that is updated as a whole.", host);
        }

        var fetched = new List<DateTimeOffset>();
        foreach (var line in sections.Lines("lists"))
        {
            if (EpochText.TryRead(line, out var at)) fetched.Add(at);
        }

        if (fetched.Count == 0)
        {
            throw HostErrors.Make(
                ErrorKind.Failed, "UpdateListsMissing", $"{host} has no lists of packages, so {tool} knows of no update there may be.", $"Let it fetch them: '{Fetch(tool)}', as root.", host);
        }

        var said = sections.Find("list") ?? "";
        var code = sections.Line("code");
        IReadOnlyList<HostUpdate> updates = tool switch
        {
            _ when !IsFine(tool, code, said) => throw HostErrors.Make(
                ErrorKind.Failed, "UpdatesNotTold", $"{tool} on {host} ended with code {HostErrors.Shown(code)}{HostErrors.Said(said)}.", "Log in there and see what it says.", host),
            "apt" => AptText.Read(host, said),
            "apk" => PackageTexts.Apk(host, said),
            "zypper" => PackageTexts.Zypper(host, said),
            "pacman" => PackageTexts.Pacman(host, said),
            "opkg" => PackageTexts.Opkg(host, said),
            _ => PackageTexts.Dnf(host, tool, said, IsFine(tool, sections.Line("securitycode"), "") ? sections.Find("security") : null),
        };
        var listsAt = fetched.Max();
        return ([.. updates.Select(u => u with { ListsAt = listsAt })], listsAt);
    }

    /// <summary>The command that fetches lists.</summary>
    internal static string Fetch(string tool) => tool switch
    {
        "apt" => "apt-get update",
        "apk" => "apk update",
        "zypper" => "zypper refresh",
        "pacman" => "pacman -Sy",
        "opkg" => "opkg update",
        _ => $"{tool} makecache",
    };

    private static bool IsFine(string tool, string code, string said) => (tool, code) switch
    {
        (_, "0") => true,
        // These say that there are some, and that there are none.
        ("dnf" or "yum", "100") => true,
        ("pacman", "1") => said.Trim().Length == 0,
        _ => false,
    };
}
