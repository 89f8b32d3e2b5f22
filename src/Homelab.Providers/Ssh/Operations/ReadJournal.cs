using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Reads the journal of hosts: the last entries, of one unit or of all, by age, weight and text.</summary>
/// <remarks><c>journalctl --output=json</c> over SSH. The account must be in the group systemd-journal, or adm, there.</remarks>
[Operation("host_journal", Level.Monitor, Risk.Read)]
[Description("Reads the last entries of a host's journal: of one unit or of all, by age, priority and text.")]
[Example("Get-HlJournal dev -Unit nginx -Since 1h", "Show what one unit wrote within an hour.")]
[Example("Get-HlJournal -Priority Error -Since 1d -Tail 20", "Show the last 20 errors of every host.")]
public sealed class ReadJournal(IRemoteHosts hosts) : Query<ReadJournal.Input, JournalEntry>
{
    /// <summary>Which entries.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>The unit.</summary>
        [Description("Only what this unit wrote, or systemd about it: nginx, which is nginx.service.")]
        public UnitRef? Unit { get; init; }

        /// <summary>How many.</summary>
        [Description("How many of the last entries of each host."), Range(1, 100_000)]
        public int Tail { get; init; } = 100;

        /// <summary>Only younger ones.</summary>
        [Description("Only entries written within this time, such as 10m."), DurationRange("0s", "3650d")]
        public TimeSpan? Since { get; init; }

        /// <summary>Only older ones.</summary>
        [Description("Only entries that are at least this old, such as 5m."), DurationRange("0s", "3650d")]
        public TimeSpan? Until { get; init; }

        /// <summary>Only weighty ones.</summary>
        [Description("Only entries that matter this much or more.")]
        public JournalPriority? Priority { get; init; }

        /// <summary>Only those with a text.</summary>
        [Description("Only entries whose text fits this regular expression (PCRE); small letters mean large ones too."), StringLength(500, MinimumLength = 1)]
        public string? Grep { get; init; }

        /// <summary>Only since the start.</summary>
        [Description("Only entries since the host was last started.")]
        public bool Boot { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read journal", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<JournalEntry> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var where = input.Unit is null ? input.Host : UnitTarget.Host(input.Unit, input.Host);
        var options = Options(input);
        await foreach (var entry in HostRound.AskAsync(hosts, where, AskAsync, cancellationToken).ConfigureAwait(false)) yield return entry;

        async Task<HostAnswer<JournalEntry>> AskAsync(string host, CancellationToken ending)
        {
            var unit = input.Unit?.Name;
            return new HostAnswer<JournalEntry>(JournalReader.Read(await JournalReader.Script.RunAsync(hosts, host, ending, [unit ?? "", .. options]).ConfigureAwait(false), unit));
        }
    }

    // Each option is one word with its value in it, so that no value passes for an option. Ages are counted by the host's clock, as its entries are.
    private static List<string> Options(Input input)
    {
        var options = new List<string> { string.Create(CultureInfo.InvariantCulture, $"--lines={input.Tail}") };
        if (input.Since is { } since) options.Add(string.Create(CultureInfo.InvariantCulture, $"--since=-{Math.Ceiling(since.TotalSeconds):0}s"));
        if (input.Until is { } until) options.Add(string.Create(CultureInfo.InvariantCulture, $"--until=-{Math.Floor(until.TotalSeconds):0}s"));
        if (input.Priority is { } priority) options.Add(string.Create(CultureInfo.InvariantCulture, $"--priority={(int)priority}"));
        if (input.Grep is { } grep) options.Add($"--grep={grep}");
        if (input.Boot) options.Add("--boot");
        return options;
    }
}
