using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Homelab.Lab.Dns;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;

namespace Homelab.UnitTests.Lab;

/// <summary>What the simulators promise beyond what the providers' own tests already rely on.</summary>
public sealed class SimulatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_goes_down_and_up_as_often_as_it_is_told()
    {
        await using var service = await SimulatedService.StartAsync(static path => new ServiceAnswer(200, path));
        using var http = new HttpClient();
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal("/x", await http.GetStringAsync(new Uri(service.Url, "/x"), Cancellation));
            service.Fault = ServiceFault.Refuse;
            service.Fault = ServiceFault.Refuse;
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(service.Url, Cancellation));
            service.Fault = ServiceFault.None;
        }
    }

    [Fact]
    public async Task A_service_goes_down_and_up_while_programs_are_started()
    {
        // Between its making and its first instruction a program holds a copy of every socket, those that listen included.
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        var starting = Task.Run(
            static async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    using var program = System.Diagnostics.Process.Start("true");
                    await program.WaitForExitAsync(Cancellation);
                }
            },
            Cancellation);
        while (!starting.IsCompleted)
        {
            service.Fault = ServiceFault.Refuse;
            service.Fault = ServiceFault.None;
        }

        await starting;
    }

    [Fact]
    public async Task A_hanging_service_can_be_ended()
    {
        var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        service.Fault = ServiceFault.Hang;
        using var http = new HttpClient();
        var asking = http.GetStringAsync(service.Url, Cancellation);
        await service.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    [Fact]
    public async Task A_name_server_outlives_bytes_that_are_no_question()
    {
        await using var dns = await SimulatedDns.StartAsync();
        dns.Set("a.home.arpa", "A", "10.0.0.1");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(dns.Endpoint, Cancellation);
        var random = new Random(7);
        for (var number = 0; number < 500; number++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            // A query of one question, as far as the header goes.
            if (bytes.Length > 5) (bytes[0], bytes[2], bytes[4], bytes[5]) = (0xFF, 1, 0, 1);
            await socket.SendAsync(bytes, Cancellation);
            // In between a real one: a flood would overflow the socket's buffer, and prove nothing.
            if (number % 50 == 49) Assert.Equal([10, 0, 0, 1], await AskAsync(socket));
        }
    }

    [Theory]
    [InlineData("A", "not an address")]
    [InlineData("SOA", "x")]
    public async Task A_record_that_cannot_be_written_is_refused_when_it_is_set(string type, string value)
    {
        await using var dns = await SimulatedDns.StartAsync();
        Assert.ThrowsAny<Exception>(() => dns.Set("a.home.arpa", type, value));
    }

    [Theory]
    [InlineData("/bot1:a/sendMessage", HttpStatusCode.BadRequest, "message is too long")]
    [InlineData("/bot1:b/sendMessage", HttpStatusCode.Unauthorized, "Unauthorized")]
    [InlineData("/bot1:a/doMagic", HttpStatusCode.NotFound, "method not found")]
    [InlineData("/", HttpStatusCode.NotFound, "Not Found")]
    public async Task Telegram_refuses_as_Telegram_does(string path, HttpStatusCode status, string says)
    {
        await using var telegram = await SimulatedTelegram.StartAsync("1:a");
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync(new Uri(telegram.Url, path), new { chat_id = 5, text = new string('x', 4097) }, Cancellation);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(telegram.Messages);
    }

    // For a.home.arpa, with an id that no random query has.
    private static async Task<byte[]> AskAsync(Socket socket)
    {
        byte[] question = [0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 4, (byte)'h', (byte)'o', (byte)'m', (byte)'e', 4, (byte)'a', (byte)'r', (byte)'p', (byte)'a', 0, 0, 1, 0, 1];
        await socket.SendAsync(question, Cancellation);
        var buffer = new byte[512];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, deadline.Token);
            if (buffer[0] == 0) return buffer[(length - 4)..length];
        }
    }

    [Fact]
    public async Task A_message_can_be_waited_for()
    {
        await using var telegram = await SimulatedTelegram.StartAsync("1:a");
        using var http = new HttpClient();
        var waiting = telegram.NextAsync(Cancellation);
        using var response = await http.PostAsJsonAsync(new Uri(telegram.Url, "/bot1:a/sendMessage"), new { chat_id = 5, text = "hello" }, Cancellation);
        Assert.Equal(("5", "hello"), await Pair());

        async Task<(string, string)> Pair()
        {
            var message = await waiting;
            return (message.Chat, message.Text);
        }
    }
}
