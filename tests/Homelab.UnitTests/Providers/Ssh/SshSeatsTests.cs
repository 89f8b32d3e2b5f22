using System.Net;
using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>Who gets which place, and who waits.</summary>
public sealed class SshSeatsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-seats-");
    private readonly SshFiles _files = SshFiles.Empty();
    private int _opened;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_share_a_connection_and_the_ninth_gets_another()
    {
        await using var seats = new SshSeats(16, OpenAsync);

        var taken = new List<SshSeats.Seat>();
        for (var i = 0; i < 9; i++) taken.Add(await seats.TakeAsync(Cancel));

        Assert.Equal(2, _opened);
        Assert.Equal(2, taken.Select(static s => s.Master.Socket).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Who_finds_no_place_waits_in_order()
    {
        await using var seats = new SshSeats(2, OpenAsync);
        var first = await seats.TakeAsync(Cancel);
        var second = await seats.TakeAsync(Cancel);
        var third = seats.TakeAsync(Cancel);
        var fourth = seats.TakeAsync(Cancel);
        Assert.False(third.IsCompleted);

        first.Dispose();
        first.Dispose();
        using var now = await third;
        Assert.False(fourth.IsCompleted);
        second.Dispose();
        using var then = await fourth;

        Assert.Equal(1, _opened);
    }

    [Fact]
    public async Task A_host_that_refuses_a_session_has_fewer_places()
    {
        await using var seats = new SshSeats(8, OpenAsync);
        var taken = new List<SshSeats.Seat>();
        for (var i = 0; i < 8; i++) taken.Add(await seats.TakeAsync(Cancel));
        for (var i = 7; i > 1; i--)
        {
            Assert.True(taken[i].Refused());
            taken[i].Dispose();
        }

        var third = seats.TakeAsync(Cancel);

        Assert.False(third.IsCompleted);
        taken[0].Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task A_host_that_has_opened_a_session_before_is_asked_again_though_nobody_else_sits_there()
    {
        await using var seats = new SshSeats(8, OpenAsync);
        using (var first = await seats.TakeAsync(Cancel))
        {
            Assert.False(first.Refused());
            first.Worked();
        }

        using var next = await seats.TakeAsync(Cancel);

        Assert.True(next.Refused());
    }

    [Fact]
    public async Task A_connection_that_ended_is_made_anew()
    {
        await using var seats = new SshSeats(8, OpenAsync);
        using (var seat = await seats.TakeAsync(Cancel)) File.Delete(seat.Master.Socket);

        using var next = await seats.TakeAsync(Cancel);

        Assert.Equal((2, true), (_opened, File.Exists(next.Master.Socket)));
    }

    [Fact]
    public async Task What_keeps_one_out_keeps_out_all_who_wait_and_nobody_who_comes_later()
    {
        var failing = true;
        var gate = new TaskCompletionSource();
        await using var seats = new SshSeats(
            1,
            async token =>
            {
                await gate.Task.WaitAsync(token);
                return failing ? throw new HomelabException(ErrorKind.Unavailable, "SshUnreachable", "away") : await OpenAsync(token);
            });
        var first = seats.TakeAsync(Cancel);
        var second = seats.TakeAsync(Cancel);

        gate.SetResult();

        await Assert.ThrowsAsync<HomelabException>(() => first);
        await Assert.ThrowsAsync<HomelabException>(() => second);
        failing = false;
        using var later = await seats.TakeAsync(Cancel);
        Assert.Equal(1, _opened);
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task<SshMaster> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = Path.Combine(_folder.FullName, $"m{Interlocked.Increment(ref _opened)}");
        File.WriteAllText(socket, "");
        var login = SshLogin.Of("dev", new HostDefinition { Address = "dev", Ssh = new SshDefinition { User = "u" } });
        return Task.FromResult(new SshMaster(new SshWay(login, IPAddress.Loopback, _files, Proxy: null), socket));
    }
}
