using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>One host: its connections, and the commands over them.</summary>
internal sealed class SshHost : IAsyncDisposable
{
    // Without shared connections each command logs in: sshd turns people away when more than ten do at once.
    private const int AloneAtOnce = 4;
    private const int TalksAtOnce = 32;
    private const int ShownLength = 200;

    private readonly SshDoor _door;
    private readonly ProviderContext _context;
    private readonly SshManner _manner;
    private readonly SshSeats _commands;
    private readonly SshSeats _talks;
    private readonly SemaphoreSlim _alone = new(AloneAtOnce, AloneAtOnce);

    internal SshHost(SshDoor door, ProviderContext context, SshManner manner)
    {
        _door = door;
        _context = context;
        _manner = manner;
        _commands = new SshSeats(door.Login.Definition.AtOnce, door.OpenAsync);
        // What is spoken with may stay for hours: it shall take no place from a command.
        _talks = new SshSeats(TalksAtOnce, door.OpenAsync);
    }

    internal SshDoor Door => _door;

    private SshLogin Login => _door.Login;

    internal async Task<RemoteResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        var began = _context.Time.GetTimestamp();
        var line = RemoteLine.Of(Login.Host, command, command.AsRoot && Login.Definition.Sudo);
        var shown = ForeignText.Clean(ShellWords.Quote(command.Words), ShownLength);
        try
        {
            var result = _manner.Shares ? await SharedAsync(command, line, shown, cancellationToken).ConfigureAwait(false) : await AloneAsync(command, line, shown, cancellationToken).ConfigureAwait(false);
            result = result with { Elapsed = _context.Time.GetElapsedTime(began) };
            _context.Trace(string.Create(CultureInfo.InvariantCulture, $"ssh {Login.Host}: {shown} → {result.ExitCode} in {result.Elapsed.TotalMilliseconds:0} ms"));
            return result;
        }
        catch (HomelabException e)
        {
            _context.Trace($"ssh {Login.Host}: {shown} → {e.Message}");
            throw;
        }
    }

    internal async Task<IRemoteTalk> OpenAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var line = RemoteLine.Talk(Login.Host, words);
        var shown = ForeignText.Clean(ShellWords.Quote(words), ShownLength);
        _context.Trace($"ssh {Login.Host}: {shown} …");
        for (var attempt = 1; ; attempt++)
        {
            var seat = _manner.Shares ? await _talks.TakeAsync(cancellationToken).ConfigureAwait(false) : null;
            var way = seat is null ? await _door.FindAsync(attempt, cancellationToken).ConfigureAwait(false) : null;
            SshTalk? talk = null;
            try
            {
                var options = seat is not null ? seat.Master.Command(line.Text) : way!.Alone(_manner, line.Text);
                talk = new SshTalk(SshProcess.Start(Login.Host, _manner, options, connects: seat is null), line.Mark, _manner.EndPatience, Done);
                if (await talk.BeganAsync(cancellationToken).ConfigureAwait(false)) return talk;
                var (exitCode, said) = await talk.EndAsync().ConfigureAwait(false);
                if (await WhyOverAsync(SshEnding.Unbegun(_manner.Shares, exitCode, said), seat, way, shown, attempt, cancellationToken).ConfigureAwait(false) is { } why) throw why;
                await talk.DisposeAsync().ConfigureAwait(false);
            }
            catch
            {
                if (talk is not null) await talk.DisposeAsync().ConfigureAwait(false);
                else Done();
                throw;
            }

            void Done()
            {
                seat?.Dispose();
                way?.Dispose();
            }
        }
    }

    /// <summary>A connection through which another host can be reached.</summary>
    internal Task<SshMaster> AnyMasterAsync(CancellationToken cancellationToken) => _commands.AnyAsync(cancellationToken);

    /// <summary>Such a connection is not there any more.</summary>
    internal void Forget(SshMaster master) => _commands.Forget(master);

    public async ValueTask DisposeAsync()
    {
        await _commands.DisposeAsync().ConfigureAwait(false);
        await _talks.DisposeAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        foreach (var master in _commands.Masters.Concat(_talks.Masters))
        {
            try
            {
                await master.EndAsync(_manner, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or HomelabException)
            {
                // It ends by itself when it has nothing to do.
            }
        }

        _door.Close();
        _alone.Dispose();
    }

    private async Task<RemoteResult> SharedAsync(RemoteCommand command, RemoteLine line, string shown, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var seat = await _commands.TakeAsync(cancellationToken).ConfigureAwait(false);
            using var run = new SshRun(SshProcess.Start(Login.Host, _manner, seat.Master.Command(line.Text), connects: false), command, line, shares: true, _manner.EndPatience);
            var ending = await EndAsync(run, command, shown, cancellationToken).ConfigureAwait(false);
            if (Result(run, command, ending) is { } result)
            {
                seat.Worked();
                return result;
            }

            if (await WhyOverAsync(ending, seat, way: null, shown, attempt, cancellationToken).ConfigureAwait(false) is { } why) throw why;
        }
    }

    private async Task<RemoteResult> AloneAsync(RemoteCommand command, RemoteLine line, string shown, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                using var way = await _door.FindAsync(attempt, cancellationToken).ConfigureAwait(false);
                using var run = new SshRun(SshProcess.Start(Login.Host, _manner, way.Alone(_manner, line.Text)), command, line, shares: false, _manner.EndPatience);
                var ending = await EndAsync(run, command, shown, cancellationToken).ConfigureAwait(false);
                if (Result(run, command, ending) is { } result) return result;
                if (await WhyOverAsync(ending, seat: null, way, shown, attempt, cancellationToken).ConfigureAwait(false) is { } why) throw why;
            }
        }
        finally
        {
            _alone.Release();
        }
    }

    private async Task<SshEnding> EndAsync(SshRun run, RemoteCommand command, string shown, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(command.Timeout, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await run.EndAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var ended = await run.HaltAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw SshErrors.TimedOut(Login, shown, command.Timeout, ended);
        }
    }

    private RemoteResult? Result(SshRun run, RemoteCommand command, SshEnding ending)
    {
        const int ByTerm = 128 + 15;
        var ended = ending.Fate == SshFate.Ended;
        // What was enough was ended by us, and says nothing more.
        return ended || (run.Asked && ending.Fate == SshFate.Lost)
            ? new RemoteResult { Host = Login.Host, Words = command.Words, ExitCode = ended ? ending.ExitCode : ByTerm, Output = run.Output, Error = ending.Error, Truncated = run.Truncated }
            : null;
    }

    /// <summary>Null when nothing was run and another attempt makes sense; why it is over, otherwise.</summary>
    private async Task<HomelabException?> WhyOverAsync(SshEnding ending, SshSeats.Seat? seat, SshWay? way, string shown, int attempt, CancellationToken cancellationToken)
    {
        // As long as a busy host may take to count a session as ended: more than twenty seconds.
        const int MostRefusals = 40;
        const int MostAlone = 7;
        switch (ending.Fate)
        {
            case SshFate.NoMaster when attempt <= _manner.Attempts:
                seat!.Forget();
                return null;
            case SshFate.NoMaster:
                return SshErrors.Unreachable(Login, "its connection was lost again and again before the command began");
            case SshFate.NoSession when attempt < (seat!.Refused() ? MostRefusals : MostAlone):
                // sshd counts a session a moment longer than its command runs.
                await Task.Delay(TimeSpan.FromMilliseconds(5 << Math.Min(attempt, MostAlone)), cancellationToken).ConfigureAwait(false);
                return null;
            case SshFate.NoSession:
                return SshErrors.Denied(Login, "it opens no session", "Look at MaxSessions in its sshd_config.");
            case SshFate.OtherProgram:
                return SshErrors.OtherProgram(Login, ending.ExitCode, ending.Error);
            case SshFate.NotConnected:
                var failure = await _door.ExplainAsync(way!.Address, ending.Error, cancellationToken).ConfigureAwait(false);
                return failure.Kind == ErrorKind.Unavailable && !way.IsLast ? null : failure;
            default:
                return SshErrors.Lost(Login, shown, ending.Error);
        }
    }
}
