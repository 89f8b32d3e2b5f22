using System.Text.Json;

namespace Homelab.Providers.Proxmox;

/// <summary>
/// A login by password. Its ticket is kept in memory for an hour, then exchanged for a new one; however many ask at once, one login is made. A password that
/// was refused is not tried again for a minute: accounts lock.
/// </summary>
internal sealed class ProxmoxLogin : ProxmoxCredential
{
    private const string Path = "/access/ticket";
    private const int Unauthorized = 401;

    // A ticket holds for two hours.
    private static readonly TimeSpan s_renewAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_renewUntil = TimeSpan.FromMinutes(115);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ProxmoxLoginDefinition _login;
    private readonly ProviderContext _context;
    private readonly ProxmoxNodes _nodes;
    private readonly string _cluster;
    private readonly CancellationToken _ending;
    private readonly Lock _lock = new();
    private readonly RefusedPasswords _refused;
    private Ticket? _ticket;
    private Task<Ticket>? _running;
    private long? _lastStep;

    internal ProxmoxLogin(ProxmoxLoginDefinition login, ProviderContext context, ProxmoxNodes nodes, string cluster, CancellationToken ending)
    {
        _login = login;
        _context = context;
        _nodes = nodes;
        _cluster = cluster;
        _ending = ending;
        _refused = new RefusedPasswords(context.Time);
    }

    internal override string? User => _login.User;

    internal override string Setting => "providers.proxmox.login";

    internal override async Task<ProxmoxPass> PassAsync(CancellationToken cancellationToken)
    {
        Task<Ticket> login;
        lock (_lock)
        {
            if (_ticket is { } ticket && Age(ticket) < s_renewAfter) return ticket.Pass;
            login = _running ??= RunAsync(_ticket);
        }

        // One asker's cancellation must not take the login from the others; its own timeouts end it.
        return (await login.WaitAsync(cancellationToken).ConfigureAwait(false)).Pass;
    }

    internal override async Task<ProxmoxPass?> AnewAsync(ProxmoxPass refused, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Another asker may have been refused with the same ticket, and be further.
            if (_ticket?.Pass == refused) _ticket = null;
        }

        return await PassAsync(cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan Age(Ticket ticket) => _context.Time.GetElapsedTime(ticket.Began);

    private async Task<Ticket> RunAsync(Ticket? old)
    {
        // Leave the lock of the asker first: whatever follows may finish at once.
        await Task.Yield();
        try
        {
            var ticket = (old is not null && Age(old) < s_renewUntil ? await RenewAsync(old).ConfigureAwait(false) : null) ?? await LogInAsync().ConfigureAwait(false);
            // Both at once: whoever is refused with this ticket must not be given it once more as one that is still asked for.
            lock (_lock) (_ticket, _running) = (ticket, null);
            return ticket;
        }
        catch
        {
            lock (_lock) _running = null;
            throw;
        }
    }

    // Null when Proxmox takes it no longer: its key was changed, or the account was.
    private async Task<Ticket?> RenewAsync(Ticket old)
    {
        var (answer, began) = await PostAsync(old.Value).ConfigureAwait(false);
        return answer.Status == Unauthorized ? null : Read(answer, began) is { NeedsSecondFactor: false } ticket ? ticket : null;
    }

    private async Task<Ticket> LogInAsync()
    {
        if (!_login.User.Contains('@', StringComparison.Ordinal))
        {
            throw Invalid($"providers.proxmox.login.user ('{ForeignText.Clean(_login.User, 60)}') has no realm", "Write it as Proxmox lists it: root@pam, homelab@pve.");
        }

        var password = await _context.Secrets.ResolveAsync(_login.Password, _ending).ConfigureAwait(false);
        _refused.ThrowIfFresh(password);
        try
        {
            var (answer, began) = await PostAsync(password).ConfigureAwait(false);
            if (answer.Status == Unauthorized) throw ProxmoxErrors.LoginRefused(_cluster, $"the login of {_login.User}", answer, $"Look at providers.proxmox.login: user, realm and password ({_login.Password}).");
            var ticket = Read(answer, began);
            return ticket.NeedsSecondFactor ? await GiveSecondFactorAsync(ticket).ConfigureAwait(false) : ticket;
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            _refused.Remember(password, e);
            throw;
        }
    }

    private async Task<Ticket> GiveSecondFactorAsync(Ticket challenge)
    {
        if (_login.Totp is not { } reference) throw ProxmoxErrors.SecondFactorNeeded(_cluster, _login.User);
        var secret = await _context.Secrets.ResolveAsync(reference, _ending).ConfigureAwait(false);
        if (!Totp.TryReadKey(secret.Reveal().Trim(), out var key)) throw Invalid($"providers.proxmox.login.totp ({reference}) is no key in base32", "Take the letters that Proxmox showed beside the QR code.");
        var step = await StepAsync().ConfigureAwait(false);
        var code = Totp.Code(key, step);
        var (answer, began) = await PostAsync(new Secret("totp:" + code), challenge.Value).ConfigureAwait(false);
        if (answer.Status == Unauthorized)
        {
            throw ProxmoxErrors.LoginRefused(_cluster, $"the one-time code of {_login.User}", answer, $"Look at providers.proxmox.login.totp ({reference}), and whether the clocks here and there are right.");
        }

        return Read(answer, began) is { NeedsSecondFactor: false } ticket ? ticket : throw ProxmoxErrors.SecondFactorNeeded(_cluster, _login.User);
    }

    // Proxmox takes each code once.
    private async Task<long> StepAsync()
    {
        var step = Totp.StepAt(_context.Time.GetUtcNow());
        if (step <= _lastStep)
        {
            await Task.Delay(DateTimeOffset.UnixEpoch + ((step + 1) * Totp.Step) - _context.Time.GetUtcNow(), _context.Time, _ending).ConfigureAwait(false);
            step = Totp.StepAt(_context.Time.GetUtcNow());
        }

        _lastStep = step;
        return step;
    }

    private async Task<(ProxmoxAnswer Answer, long Began)> PostAsync(Secret password, Secret? challenge = null)
    {
        var form = new ProxmoxForm { { "username", _login.User } };
        form.AddSecret("password", password);
        if (challenge is not null) form.AddSecret("tfa-challenge", challenge);
        var began = _context.Time.GetTimestamp();
        var answer = await _nodes.SendAsync(new ProxmoxRequest(HttpMethod.Post, Path, form, s_timeout), ProxmoxPass.None, _ending).ConfigureAwait(false);
        return (answer, began);
    }

    private Ticket Read(ProxmoxAnswer answer, long began)
    {
        var request = new ProxmoxRequest(HttpMethod.Post, Path, ProxmoxForm.Empty, s_timeout);
        if (!answer.IsSuccess) throw ProxmoxErrors.Answered(_cluster, request, answer, this);
        try
        {
            if (ProxmoxEnvelope.Data(answer.Body.Span, LoginJson.Default.TicketWire) is { Ticket.Length: > 0 } wire) return new Ticket(wire, began);
        }
        catch (JsonException e)
        {
            // The cause is left out: it may name bytes of the ticket.
            throw ProxmoxErrors.Unreadable(_cluster, request, $"no JSON of the expected shape, at byte {e.BytePositionInLine}", inner: null);
        }

        throw ProxmoxErrors.Unreadable(_cluster, request, "it holds no ticket", inner: null);
    }

    private HomelabException Invalid(string what, string wayOut) => new(ErrorKind.Invalid, "ProxmoxLoginInvalid", $"{what}. {wayOut}", _cluster) { WayOut = wayOut, NothingHappened = true };

    private sealed class Ticket(TicketWire wire, long began)
    {
        internal Secret Value { get; } = new(wire.Ticket!);

        internal ProxmoxPass Pass { get; } = ProxmoxPass.OfTicket(wire.Ticket!, wire.Csrf ?? "");

        internal long Began => began;

        internal bool NeedsSecondFactor { get; } = wire.Ticket!.StartsWith("PVE:!tfa!", StringComparison.Ordinal);
    }
}
