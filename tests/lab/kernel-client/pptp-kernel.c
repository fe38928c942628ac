/*
 * A plugin that gives pppd 2.4 a PPTP client whose data path is the Linux kernel's:
 *
 *     pppd plugin pptp-kernel.so pptp-server 192.0.2.1 ...
 *
 * pppd waits while the control connection and the call are made (RFC 2637 §2); then a child of its own keeps the
 * control connection: answers echoes, hangs pppd up when the call is gone, and says goodbye when pppd is.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <pppd/pppd.h>

enum { PORT = 1723, PATIENCE = 10, FAREWELL = 2 };                  /* seconds */

/* RFC 2637 §2: types and lengths of the messages used here. */
enum { START_REQUEST = 1, START_REPLY, STOP_REQUEST, STOP_REPLY, ECHO_REQUEST, ECHO_REPLY, CALL_REQUEST, CALL_REPLY,
       CLEAR_REQUEST = 12, DISCONNECT_NOTIFY };
enum { START_LENGTH = 156, STOP_LENGTH = 16, ECHO_REPLY_LENGTH = 20, CALL_REQUEST_LENGTH = 168,
       CALL_REPLY_LENGTH = 32, CLEAR_LENGTH = 16, LONGEST = 220 };

char pppd_version[] = VERSION;

static char *server;
static int data_socket = -1;                                        /* AF_PPPOX: the call's frames */
static int channel = -1;                                            /* the same as a PPP channel of /dev/ppp */
static int keeper = -1;                                             /* to the child; closed when pppd is gone */

static void put16(uint8_t *at, unsigned value) { at[0] = value >> 8; at[1] = value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16); put16(at + 2, value); }
static unsigned get16(const uint8_t *at) { return at[0] << 8 | at[1]; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }

/* §1.4: length, message type 1, magic cookie, control message type; the rest starts as zero. */
static void begin(uint8_t *message, int length, int type)
{
    memset(message, 0, length);
    put16(message, length);
    put16(message + 2, 1);
    put32(message + 4, 0x1A2B3C4D);
    put16(message + 8, type);
}

static int say(int tcp, const uint8_t *message)
{
    int length = get16(message);
    return send(tcp, message, length, MSG_NOSIGNAL) == length ? 0 : -1;
}

/* The next message's type; -1 when the connection is closed, silent for too long, or not PPTP. */
static int hear(int tcp, uint8_t *message)
{
    if (recv(tcp, message, 12, MSG_WAITALL) != 12 || get32(message + 4) != 0x1A2B3C4D)
        return -1;
    int rest = (int)get16(message) - 12;
    if (rest < 0 || rest > LONGEST - 12 || (rest > 0 && recv(tcp, message + 12, rest, MSG_WAITALL) != rest))
        return -1;
    return get16(message + 8);
}

static int say_start(int tcp)
{
    uint8_t message[START_LENGTH];
    begin(message, sizeof message, START_REQUEST);
    put16(message + 12, 0x0100);                                    /* protocol version */
    put32(message + 16, 3);                                         /* framing: asynchronous and synchronous */
    put32(message + 20, 3);                                         /* bearer: analog and digital */
    put16(message + 26, 1);                                         /* firmware */
    strcpy((char *)message + 28, "lab");                            /* host, vendor */
    strcpy((char *)message + 92, "Linux kernel");
    return say(tcp, message);
}

static int say_call(int tcp, unsigned call_id)
{
    uint8_t message[CALL_REQUEST_LENGTH];
    begin(message, sizeof message, CALL_REQUEST);
    put16(message + 12, call_id);
    put16(message + 14, 1);                                         /* serial number */
    put32(message + 16, 2400);                                      /* least and most bits per second */
    put32(message + 20, 1000000000);
    put32(message + 24, 3);
    put32(message + 28, 3);
    put16(message + 32, 64);                                        /* receive window */
    return say(tcp, message);
}

/* Answers what a server may say at any time. */
static int answer(int tcp, int type, const uint8_t *message)
{
    uint8_t reply[ECHO_REPLY_LENGTH];
    if (type == ECHO_REQUEST) {
        begin(reply, ECHO_REPLY_LENGTH, ECHO_REPLY);
        memcpy(reply + 12, message + 12, 4);
    } else if (type == STOP_REQUEST) {
        begin(reply, STOP_LENGTH, STOP_REPLY);
    } else {
        return 0;
    }
    reply[type == ECHO_REQUEST ? 16 : 12] = 1;                      /* result: all right */
    return say(tcp, reply);
}

/* Waits for a message of one type. */
static int expect(int tcp, int wanted, uint8_t *message)
{
    int type;
    while ((type = hear(tcp, message)) != wanted)
        if (type < 0 || answer(tcp, type, message) < 0 || type == STOP_REQUEST)
            return -1;
    return 0;
}

/* Ends the call, unless the server has done so, and the control connection. */
static void say_goodbye(int tcp, const unsigned *call_id)
{
    uint8_t message[LONGEST];
    struct timeval patience = { .tv_sec = FAREWELL };
    setsockopt(tcp, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (call_id != NULL) {
        begin(message, CLEAR_LENGTH, CLEAR_REQUEST);
        put16(message + 12, *call_id);
        if (say(tcp, message) < 0 || expect(tcp, DISCONNECT_NOTIFY, message) < 0)
            return;
    }
    begin(message, STOP_LENGTH, STOP_REQUEST);
    message[12] = 1;                                                /* reason: none in particular */
    if (say(tcp, message) == 0)
        expect(tcp, STOP_REPLY, message);
}

/* The child. pppd tells its process id whenever that changes, and is gone when its end of the pair is closed. */
static void keep(int tcp, int pair, unsigned call_id, pid_t pppd)
{
    struct pollfd waiting[] = { { .fd = tcp, .events = POLLIN }, { .fd = pair, .events = POLLIN } };
    uint8_t message[LONGEST];
    for (;;) {
        if (poll(waiting, 2, -1) < 0)
            continue;
        if (waiting[1].revents && recv(pair, &pppd, sizeof pppd, 0) != sizeof pppd) {
            say_goodbye(tcp, &call_id);
            return;
        }
        if (!waiting[0].revents)
            continue;
        int type = hear(tcp, message);
        if (type < 0 || answer(tcp, type, message) < 0 || type == STOP_REQUEST || type == DISCONNECT_NOTIFY) {
            kill(pppd, SIGHUP);
            if (type == DISCONNECT_NOTIFY)
                say_goodbye(tcp, NULL);
            return;
        }
    }
}

static int start_keeper(int tcp, unsigned call_id)
{
    int pair[2];
    pid_t pppd = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        for (int number = 1; number < NSIG; number++)
            signal(number, SIG_DFL);
        setsid();                                                   /* a signal to pppd's group is not for us */
        close(pair[0]);
        close(data_socket);                                         /* or the call would outlive pppd */
        keep(tcp, pair[1], call_id, pppd);
        _exit(0);
    }
    close(pair[1]);
    keeper = pair[0];
    return child < 0 ? -1 : 0;
}

static void tell_process_id(void *unused, int pid)
{
    (void)unused;
    if (keeper >= 0 && send(keeper, &pid, sizeof pid, MSG_NOSIGNAL) < 0)
        warn("pptp-kernel: nobody keeps the control connection: %m");
}

static int failed(const char *what, int tcp)
{
    error("pptp-kernel: %s: %m", what);
    if (tcp >= 0)
        close(tcp);
    status = EXIT_CONNECT_FAILED;
    return -1;
}

static int make_call(void)
{
    struct sockaddr_in remote = { .sin_family = AF_INET, .sin_port = htons(PORT) }, local;
    union { struct sockaddr any; struct sockaddr_pppox pppox; } address = {
        .pppox = { .sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_PPTP }
    };
    struct timeval patience = { .tv_sec = PATIENCE };
    uint8_t message[LONGEST];
    socklen_t length = sizeof local;

    if (server == NULL || inet_pton(AF_INET, server, &remote.sin_addr) != 1) {
        errno = EINVAL;
        return failed("pptp-server must be given, an IPv4 address", -1);
    }
    strlcpy(ppp_devnam, server, sizeof ppp_devnam);                 /* for the log and the scripts */
    int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(tcp, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(tcp, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(tcp, (struct sockaddr *)&remote, sizeof remote) < 0
        || getsockname(tcp, (struct sockaddr *)&local, &length) < 0)
        return failed("no connection to the server", tcp);
    if (say_start(tcp) < 0 || expect(tcp, START_REPLY, message) < 0 || message[14] != 1)
        return failed("the server does not start the control connection", tcp);

    /* The kernel chooses a call id when bound to none. */
    data_socket = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC, PX_PROTO_PPTP);
    address.pppox.sa_addr.pptp.sin_addr = local.sin_addr;
    length = sizeof address;
    if (data_socket < 0 || bind(data_socket, &address.any, sizeof address) < 0
        || getsockname(data_socket, &address.any, &length) < 0)
        return failed("no PPTP socket of the kernel", tcp);
    unsigned call_id = address.pppox.sa_addr.pptp.call_id;

    errno = 0;
    if (say_call(tcp, call_id) < 0 || expect(tcp, CALL_REPLY, message) < 0
        || get16(message + 14) != call_id || message[16] != 1)
        return failed("the server does not take the call", tcp);
    address.pppox.sa_addr.pptp.call_id = get16(message + 12);
    address.pppox.sa_addr.pptp.sin_addr = remote.sin_addr;
    if (connect(data_socket, &address.any, sizeof address) < 0)
        return failed("the kernel does not take the call", tcp);
    if (start_keeper(tcp, call_id) < 0)
        return failed("no process for the control connection", tcp);
    close(tcp);
    notice("pptp-kernel: call %u, the server's %u", call_id, get16(message + 12));
    return data_socket;
}

static void end_call(void)
{
    close(data_socket);
    close(keeper);
    data_socket = keeper = -1;
}

static int establish(int descriptor) { return channel = generic_establish_ppp(descriptor); }

/* Of what was negotiated, the channel itself leaves out FF 03 and shortens protocol numbers. */
static void set_sending(int mtu, u_int32_t accm, int pcomp, int accomp)
{
    int flags;
    (void)mtu, (void)accm;
    if (channel < 0 || ioctl(channel, PPPIOCGFLAGS, &flags) < 0)
        return;
    flags = (flags & ~(SC_COMP_PROT | SC_COMP_AC)) | (pcomp ? SC_COMP_PROT : 0) | (accomp ? SC_COMP_AC : 0);
    if (ioctl(channel, PPPIOCSFLAGS, &flags) < 0)
        error("pptp-kernel: PPPIOCSFLAGS: %m");
}

static option_t options[] = {
    { .name = "pptp-server", .type = o_string, .addr = &server, .description = "The PPTP server's address" },
    { .name = NULL }
};

static struct channel pptp = {
    .options = options, .connect = make_call, .disconnect = end_call,
    .establish_ppp = establish, .disestablish_ppp = generic_disestablish_ppp, .send_config = set_sending,
};

void plugin_init(void)
{
    add_options(options);
    add_notifier(&pidchange, tell_process_id, NULL);
    the_channel = &pptp;
    modem = 0;
}
