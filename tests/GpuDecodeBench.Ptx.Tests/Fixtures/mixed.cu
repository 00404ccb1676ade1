#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
typedef unsigned u32; typedef unsigned long long u64;
__device__ inline int tid(){return __nvvm_read_ptx_sreg_tid_x();}
__device__ inline float ex2(float x){float y;asm("ex2.approx.ftz.f32 %0,%1;":"=f"(y):"f"(x));return y;}
__device__ inline float rs(float x){float y;asm("rsqrt.approx.f32 %0,%1;":"=f"(y):"f"(x));return y;}
struct P{const float*a;float*b;int n;float s;};
extern "C" __global__ void softmax(P p){
 extern __shared__ float sm[];
 float m=-1e30f; for(int i=tid();i<p.n;i+=256){float v=p.a[i]*p.s; sm[i]=v; m=__builtin_fmaxf(m,v);}
 __shared__ float red[8];
 for(int o=16;o;o>>=1){float w=__builtin_bit_cast(float,__nvvm_shfl_sync_bfly_i32(-1,__builtin_bit_cast(int,m),o,31)); m=__builtin_fmaxf(m,w);}
 if((tid()&31)==0)red[tid()>>5]=m; __nvvm_bar_sync(0);
 for(int i=0;i<8;i++)m=__builtin_fmaxf(m,red[i]);
 float t=0; for(int i=tid();i<p.n;i+=256){float e=ex2((sm[i]-m)*1.4426950408889634f); sm[i]=e; t+=e;}
 for(int o=16;o;o>>=1)t+=__builtin_bit_cast(float,__nvvm_shfl_sync_bfly_i32(-1,__builtin_bit_cast(int,t),o,31));
 __nvvm_bar_sync(0);
 if((tid()&31)==0)red[tid()>>5]=t; __nvvm_bar_sync(0);
 t=0; for(int i=0;i<8;i++)t+=red[i];
 for(int i=tid();i<p.n;i+=256)p.b[i]=sm[i]/t;
}
extern "C" __global__ void mix(const u64*a,u64*o,const double*d,const int*s,long n){
 int i=tid(); u64 x=a[i],y=a[i+32]; 
 o[i]=(x/y)+(x%y)+__builtin_popcountll(x)+__builtin_clzll(y|1)+__builtin_ctz((u32)x|1)+__builtin_bitreverse32((u32)y)+__builtin_rotateleft32((u32)x,5)+__builtin_bswap32((u32)y);
 o[i+32]=(u64)(long)(d[i]*3.5+1/d[i+1])+(u64)__builtin_sqrt(d[i])+(u64)(float)d[i]+(s[i]/(s[i+1]|1))+(s[i]>>3)+(short)s[i]*(signed char)s[i+1];
 o[i+64]= (u64)rs((float)(u32)x)+ (u64)__builtin_fabsf((float)d[i]) + (u64)__builtin_floorf((float)d[i]*2.5f)+(u64)__builtin_rintf((float)d[i])+(u64)__builtin_truncf((float)d[i])+ (u64)__builtin_copysignf(2.f,(float)d[i]);
 _Float16 h=(_Float16)d[i]; h=h*h+h; __bf16 b=(__bf16)(float)d[i]; o[i+96]=(u64)(float)h+(u64)(float)b;
 switch(s[i]&15){case 0:o[0]=1;break;case 1:o[1]=2;break;case 2:o[2]=x*3;break;case 3:o[3]=y;break;case 4:o[4]=9;break;case 5:o[5]=12;break;case 6:o[7]=x+y;break;default:o[8]=1;}
}
